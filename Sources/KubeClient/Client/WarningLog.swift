import Kube
import Logging

/// Logs the warnings of the API server, each text once.
final class WarningLog: Sendable {
    /// The most texts to remember. Beyond that, the log starts anew and may repeat warnings.
    private static let limit = 1000

    private let seen: Locked<Set<String>> = Locked([])
    private let logger: Logger

    init(_ logger: Logger) { self.logger = logger }

    func log(_ headers: HTTPHeaders) {
        for value in headers.values(of: "warning") {
            for text in WarningHeader.parse(value) {
                let isNew = seen.withLock { seen in
                    if seen.count >= Self.limit { seen.removeAll() }
                    return seen.insert(text).inserted
                }
                if isNew { logger.warning("warning from the API server: \(text)") }
            }
        }
    }
}
