import Kube

/// The transfer of a watch, cancelled when its last reference is released.
///
/// A connection on which nothing comes any more, although it stays open, would otherwise be noticed only when the watch
/// does not end in time, some minutes later.
final class WatchTransfer: Sendable {
    let maximumEventSize: Int
    private let transfer: Transfer
    private let subject: String
    /// Since when the reader waits for bytes; nil while it does not.
    private let waiting: Locked<ContinuousClock.Instant?>
    private let watchdog: Task<Void, Never>

    init(_ transfer: Transfer, subject: String, maximumEventSize: Int, silence: Duration) {
        self.transfer = transfer
        self.subject = subject
        self.maximumEventSize = maximumEventSize
        let waiting = Locked<ContinuousClock.Instant?>(nil)
        self.waiting = waiting
        watchdog = Task {
            var end = ContinuousClock.now + silence
            while (try? await Task.sleep(until: end, clock: .continuous)) != nil {
                end = (waiting.withLock { $0 } ?? .now) + silence
                if end <= .now { return transfer.giveUp(after: silence) }
            }
        }
    }

    deinit {
        watchdog.cancel()
        transfer.cancel(CancellationError())
    }

    func nextChunk() async throws -> [UInt8]? {
        waiting.withLock { $0 = .now }
        defer { waiting.withLock { $0 = nil } }
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

extension APIStatus {
    /// The status in a watch, or a substitute if the error is not a Status.
    fileprivate init(watched json: JSON) {
        self =
            APIStatus(json) ?? APIStatus(httpCode: 500, message: "the watch ended with an error that is not a Status")
    }
}
