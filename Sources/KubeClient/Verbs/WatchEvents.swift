import Kube

/// The events of a watch, in order, for one task. Releasing the sequence ends the watch.
///
/// The sequence ends without an error when the server ends the watch. It throws `KubeClientError` if the connection
/// breaks, the watch does not end in time, or the data is not that of a watch, and `CancellationError` if the task is
/// cancelled.
public struct WatchEvents: AsyncSequence, Sendable {
    /// An event.
    public typealias Element = WatchEvent
    /// ``KubeClientError`` or `CancellationError`.
    public typealias Failure = any Error

    let transfer: WatchTransfer
    /// The resource of metadata-only objects, which lack their kind.
    var resource: Resource?

    /// The iterator of the events.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let transfer: WatchTransfer
        let resource: Resource?
        var framer: LineFramer
        var isOver = false

        /// The next event; nil after the last one.
        public mutating func next() async throws -> WatchEvent? {
            while !isOver {
                if let event = try nextBufferedEvent() {
                    if case .error = event { isOver = true }
                    return event
                }
                guard let chunk = try await transfer.nextChunk() else {
                    isOver = true
                    return try lastEvent()
                }
                framer.append(chunk)
            }
            return nil
        }

        private mutating func nextBufferedEvent() throws -> WatchEvent? {
            do {
                while let event = try framer.nextLine({ try transfer.decode($0, as: resource) }) {
                    if let event { return event }
                }
                return nil
            } catch is LineFramer.TooLong {
                isOver = true
                throw transfer.error("an event is longer than \(framer.limit) bytes")
            } catch {
                isOver = true
                throw error
            }
        }

        /// The event of the last line, which may lack its line break.
        private mutating func lastEvent() throws -> WatchEvent? {
            guard framer.hasRest else { return nil }
            return try framer.takeRest().withUnsafeBufferPointer { try transfer.decode($0, as: resource) }
        }
    }

    /// Starts reading; call it only once.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(transfer: transfer, resource: resource, framer: LineFramer(limit: transfer.maximumEventSize))
    }
}
