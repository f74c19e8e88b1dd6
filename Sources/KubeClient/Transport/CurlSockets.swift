import CCurl
import Glibc

/// The sockets and the timer that libcurl waits for, and the bell that other threads ring.
///
/// libcurl works only on the exchanges that have something to do, however many watches are open
/// (https://curl.se/libcurl/c/libcurl-multi.html, "multi_socket"). Only libcurl's thread uses it, but for the bell.
final class CurlSockets {
    /// An event descriptor: what is written to it ends ``wait()``.
    let bell: CInt

    private static let most = 64
    private let multi: UnsafeMutableRawPointer
    private let epoll: CInt
    private let events = UnsafeMutableBufferPointer<epoll_event>.allocate(capacity: most)
    /// When libcurl wants to be called without an event.
    private var due: ContinuousClock.Instant?
    /// The sockets on which something came a moment ago, and when to look at them once more.
    ///
    /// Over HTTP/2, libcurl 7.88 may have read data of a stream that it has not handed out, and waits for the next event.
    private var busy: Set<curl_socket_t> = []
    private var afterwards: ContinuousClock.Instant?

    /// Follows the sockets of a multi handle, which must not outlive it; nil if the process has no descriptors left.
    init?(of multi: UnsafeMutableRawPointer) {
        self.multi = multi
        events.initialize(repeating: epoll_event())
        epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
        bell = eventfd(0, CInt(EFD_CLOEXEC | EFD_NONBLOCK))
        guard epoll >= 0, bell >= 0, control(EPOLL_CTL_ADD, bell, EPOLLIN.rawValue) else { return nil }
        let context = Unmanaged.passUnretained(self).toOpaque()
        _ = ccurl_multi_set_socket_callback(multi, CURLMOPT_SOCKETFUNCTION, socketChanged)
        _ = ccurl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        _ = ccurl_multi_set_timer_callback(multi, CURLMOPT_TIMERFUNCTION, timerChanged)
        _ = ccurl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
    }

    deinit {
        for descriptor in [epoll, bell] where descriptor >= 0 { close(descriptor) }
        events.deallocate()
    }

    /// Waits until data arrives or can be sent, a timer is due, or the bell rings, and lets libcurl work on it.
    func wait() {
        let next = [due, afterwards].compactMap(\.self).min()
        let left = next.map { $0 - .now + .microseconds(999) } ?? .seconds(30)
        let milliseconds = left < .milliseconds(1) ? 0 : min(left.milliseconds, 30_000)
        let count = epoll_wait(epoll, events.baseAddress, CInt(Self.most), CInt(milliseconds))
        for event in events.prefix(max(0, Int(count))) {
            if event.data.fd == bell {
                var rings: UInt64 = 0
                _ = read(bell, &rings, MemoryLayout.size(ofValue: rings))
            } else {
                busy.insert(event.data.fd)
                act(on: event.data.fd, event.events)
            }
        }
        let now = ContinuousClock.now
        if let due, due <= now {
            self.due = nil
            act(on: CURL_SOCKET_BAD, 0)
        }
        if let afterwards, afterwards <= now {
            self.afterwards = nil
            let looked = busy
            busy = []
            // Nothing to read is no error.
            for socket in looked { act(on: socket, EPOLLIN.rawValue) }
        }
        if !busy.isEmpty, afterwards == nil { afterwards = now + .milliseconds(100) }
    }

    /// Rings the bell of such a descriptor, from any thread.
    static func ring(_ bell: CInt) {
        var rings: UInt64 = 1
        _ = write(bell, &rings, MemoryLayout.size(ofValue: rings))
    }

    private func act(on socket: curl_socket_t, _ events: UInt32) {
        var (mask, running): (CInt, CInt) = (0, 0)
        if events & EPOLLIN.rawValue != 0 { mask |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { mask |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { mask |= CURL_CSELECT_ERR }
        curl_multi_socket_action(multi, socket, mask, &running)
    }

    @discardableResult
    private func control(_ operation: CInt, _ descriptor: CInt, _ events: UInt32) -> Bool {
        var event = epoll_event()
        event.events = events
        event.data.fd = descriptor
        return epoll_ctl(epoll, operation, descriptor, &event) == 0
    }

    fileprivate func follow(_ socket: curl_socket_t, _ what: CInt) {
        var events: UInt32 = 0
        switch what {
        case CURL_POLL_IN: events = EPOLLIN.rawValue
        case CURL_POLL_OUT: events = EPOLLOUT.rawValue
        case CURL_POLL_INOUT: events = EPOLLIN.rawValue | EPOLLOUT.rawValue
        default: break
        }
        guard events != 0 else {
            // A socket that was closed is gone from the set already.
            control(EPOLL_CTL_DEL, socket, 0)
            return
        }
        if !control(EPOLL_CTL_MOD, socket, events) { control(EPOLL_CTL_ADD, socket, events) }
    }

    fileprivate func setTimer(_ milliseconds: Int) {
        due = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    }
}

private func socketChanged(
    _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: CInt, _ context: UnsafeMutableRawPointer?,
    _ own: UnsafeMutableRawPointer?
) -> CInt {
    guard let context else { return 0 }
    Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue().follow(socket, what)
    return 0
}

private func timerChanged(
    _ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?
) -> CInt {
    guard let context else { return 0 }
    Unmanaged<CurlSockets>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds)
    return 0
}
