#if canImport(Glibc)
import Glibc
#endif
import TestSupport

/// A connection of a client of HTTP/1.1 on loopback, which blocks: it costs less time than the servers that it measures.
final class LoopbackConnection {
    /// An answer, and the time from the request to its last byte.
    struct Answer {
        var status: Int
        var body: String
        var time: Duration
    }

    let descriptor: Int32
    private var began = ContinuousClock.now
    private var received: [UInt8] = []
    private var chunk = [UInt8](repeating: 0, count: 1 << 16)

    init(_ address: String, _ port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = UInt16(port).bigEndian
        target.sin_addr.s_addr = inet_addr(address)
        let connected = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard connected else { throw WaitingError(description: "cannot connect to \(address):\(port)") }
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var noDelay: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Sends a request.
    func send(_ request: [UInt8]) throws {
        began = .now
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw WaitingError(description: "the server closed the connection") }
            sent += count
        }
    }

    /// Reads what has arrived; nil if that is not yet the whole answer.
    func receive() throws -> Answer? {
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { throw WaitingError(description: "the server closed the connection") }
        received += chunk[..<count]
        guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        let lines = head.split(separator: "\r\n")
        let length = lines.first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) }
        guard received.count >= end.upperBound + (length ?? 0) else { return nil }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        let body = String(decoding: received[end.upperBound...], as: UTF8.self)
        received = []
        return Answer(status: status ?? 0, body: body, time: ContinuousClock.now - began)
    }
}
