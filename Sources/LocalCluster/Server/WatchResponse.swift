import Kube
import NIOCore
import Synchronization

/// Serves a watch on an event loop: sends new events while the connection is writable, bookmarks at intervals, and the end
/// after the timeout.
final class WatchResponse {
    private var cursor: WatchCursor
    private let store: ClusterStore
    private let eventLoop: any EventLoop
    private let bookmarkInterval: Duration
    private let isWritable: () -> Bool
    private let send: ([UInt8]?) -> Void
    private var unsubscribe: (@Sendable () -> Void)?
    private var bookmarks: RepeatedTask?
    private var deadline: Scheduled<Void>?
    private var isOver = false

    /// Creates a stream that is not started yet. `send` gets bytes, and nil at the end.
    init(
        _ cursor: WatchCursor, store: ClusterStore, eventLoop: any EventLoop, bookmarkInterval: Duration,
        isWritable: @escaping () -> Bool, send: @escaping ([UInt8]?) -> Void
    ) {
        self.cursor = cursor
        self.store = store
        self.eventLoop = eventLoop
        self.bookmarkInterval = bookmarkInterval
        self.isWritable = isWritable
        self.send = send
    }

    /// Starts the stream.
    func start() {
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let waker = Waker(eventLoop) { bound.value.drain() }
        unsubscribe = store.onChange(cursor.collection) { waker.wake() }
        let interval = TimeAmount(bookmarkInterval)
        bookmarks = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.value.sendBookmark()
        }
        deadline = eventLoop.scheduleTask(in: TimeAmount(cursor.timeout)) {
            bound.value.drain()
            bound.value.sendBookmark()
            bound.value.finish()
        }
        drain()
    }

    /// Sends all events that are available, while the connection is writable.
    func drain() {
        while !isOver, isWritable() {
            let bytes = store.read { cursor.read($0) }
            if !bytes.isEmpty { send(bytes) }
            if cursor.isEnded { return finish() }
            if bytes.isEmpty && !cursor.hasMore { return }
        }
    }

    /// Stops the stream without telling the client.
    func stop() {
        isOver = true
        unsubscribe?()
        unsubscribe = nil
        bookmarks?.cancel()
        deadline?.cancel()
    }

    private func sendBookmark() {
        guard !isOver, isWritable() else { return }
        drain()
        let bytes = cursor.bookmark()
        if !bytes.isEmpty, !isOver { send(bytes) }
    }

    private func finish() {
        if isOver { return }
        stop()
        send(nil)
    }
}

/// Runs a closure on an event loop, once for all calls that come before it runs.
private final class Waker: Sendable {
    private let isAsked = Atomic(false)
    private let eventLoop: any EventLoop
    private let body: @Sendable () -> Void

    init(_ eventLoop: any EventLoop, _ body: @escaping @Sendable () -> Void) {
        self.eventLoop = eventLoop
        self.body = body
    }

    func wake() {
        if isAsked.exchange(true, ordering: .acquiringAndReleasing) { return }
        eventLoop.execute {
            self.isAsked.store(false, ordering: .releasing)
            self.body()
        }
    }
}
