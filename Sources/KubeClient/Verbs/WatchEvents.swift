import Kube

/// What a watch tells.
public enum WatchEvent: Sendable, Hashable {
    /// An object was made, or exists at the watch's begin.
    case added(Object)
    /// An object changed.
    case modified(Object)
    /// An object is gone; this is its last state.
    case deleted(Object)
    /// Nothing changed up to this version. `initialEventsEnd` says that all objects that exist have been told.
    case bookmark(resourceVersion: String, initialEventsEnd: Bool)
    /// The server gives the watch up, such as with 410 when the version is too old. Nothing follows.
    case error(APIStatus)
}

/// The events of one watch, in order; for one task. Letting go of it ends the watch.
///
/// Ends without an error when the server ends the watch. Throws `KubeClientError` if the connection breaks, if no end
/// comes in time, or if what comes is no watch; throws `CancellationError` if the task is cancelled.
public struct WatchEvents: AsyncSequence, Sendable {
    public typealias Element = WatchEvent
    public typealias Failure = any Error

    let stream: WatchStream
    /// The kind to give to objects that come as mere metadata.
    var resource: Resource?

    /// Reads the events.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let stream: WatchStream
        let resource: Resource?
        var framer: LineFramer
        var isOver = false

        /// The next event; nil after the last.
        public mutating func next() async throws -> WatchEvent? {
            while !isOver {
                if let event = try nextBufferedEvent() {
                    if case .error = event { isOver = true }
                    return event
                }
                guard let chunk = try await stream.nextChunk() else {
                    isOver = true
                    return try lastEvent()
                }
                framer.append(chunk)
            }
            return nil
        }

        private mutating func nextBufferedEvent() throws -> WatchEvent? {
            do {
                while let event = try framer.nextLine({ try stream.decode($0, as: resource) }) {
                    if let event { return event }
                }
                return nil
            } catch is LineFramer.TooLong {
                isOver = true
                throw stream.error("an event is longer than \(framer.limit) bytes")
            } catch {
                isOver = true
                throw error
            }
        }

        /// The last line may lack its line break, but not its end.
        private mutating func lastEvent() throws -> WatchEvent? {
            guard framer.hasRest else { return nil }
            return try framer.takeRest().withUnsafeBufferPointer { try stream.decode($0, as: resource) }
        }
    }

    /// Begins to read; only once.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(stream: stream, resource: resource, framer: LineFramer(limit: stream.maximumEventSize))
    }
}

/// The transfer below a watch; given up when nobody holds it any more.
final class WatchStream: Sendable {
    let maximumEventSize: Int
    private let transfer: Transfer
    private let subject: String

    init(_ transfer: Transfer, subject: String, maximumEventSize: Int) {
        self.transfer = transfer
        self.subject = subject
        self.maximumEventSize = maximumEventSize
    }

    deinit { transfer.cancel(CancellationError()) }

    func nextChunk() async throws -> [UInt8]? {
        do {
            return try await transfer.nextChunk()
        } catch let failure as TransferFailure {
            throw KubeClientError(failure.kind, subject: subject, failure.problem)
        }
    }

    func error(_ problem: String) -> KubeClientError { KubeClientError(.badResponse, subject: subject, problem) }

    /// The event of a line; nil for an empty line.
    func decode(_ line: UnsafeBufferPointer<UInt8>, as resource: Resource?) throws -> WatchEvent? {
        guard line.contains(where: { $0 > 0x20 }) else { return nil }
        let json: JSON
        do {
            json = try JSON(parsing: line)
        } catch {
            throw self.error("found a line that is \(error) in a watch, expected an event")
        }
        if json["kind"]?.string == "Status", json["type"] == nil { return .error(APIStatus(watched: json)) }
        guard let type = json["type"]?.string, let object = json["object"], object.object != nil else {
            throw error("found \(json.typeName) without \"type\" and \"object\" in a watch, expected an event")
        }
        switch type {
        case "ADDED": return .added(Object(resource?.naming(object, always: true) ?? object))
        case "MODIFIED": return .modified(Object(resource?.naming(object, always: true) ?? object))
        case "DELETED": return .deleted(Object(resource?.naming(object, always: true) ?? object))
        case "BOOKMARK":
            let isEnd = object["metadata", "annotations", "k8s.io/initial-events-end"]?.string == "true"
            return .bookmark(
                resourceVersion: object["metadata", "resourceVersion"]?.string ?? "", initialEventsEnd: isEnd)
        case "ERROR": return .error(APIStatus(watched: object))
        default:
            throw error(
                "found an event of type \"\(type)\" in a watch, expected ADDED, MODIFIED, DELETED, BOOKMARK or ERROR")
        }
    }
}
