import Kube
import Logging
import Observability

/// A log in memory.
final class RecordedLog: Sendable {
    private let state = Locked<[String]>([])

    /// The lines so far.
    var lines: [String] { state.withLock { $0 } }

    /// The latest lines, for failure messages.
    var tail: String { lines.suffix(40).joined() }

    func logger(_ label: String) -> Logger {
        Logger(label: label) { label in
            LineLogHandler(label: label, format: .logfmt, level: .debug) { bytes in
                self.state.withLock { $0.append(String(decoding: bytes, as: UTF8.self)) }
            }
        }
    }
}
