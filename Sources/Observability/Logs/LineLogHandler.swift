#if canImport(Glibc)
import Glibc
#endif
import Kube
public import Logging

/// Writes each log record as one line, with keys in a fixed order: level, time, logger, message, and then the metadata
/// sorted by name.
public struct LineLogHandler: LogHandler {
    /// The destination of lines; each call gets one line with its line break.
    public typealias Sink = @Sendable ([UInt8]) -> Void

    /// The lowest level that is written.
    public var logLevel: Logger.Level
    /// The metadata of every record of this logger.
    public var metadata: Logger.Metadata = [:]
    /// The provider of metadata from the current task, as swift-log defines it.
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: LogFormat
    private let now: @Sendable () -> timespec
    private let sink: Sink

    /// Creates a handler for the logger with this label; without a sink it writes to standard error.
    public init(label: String, format: LogFormat, level: Logger.Level = .info, sink: Sink? = nil) {
        self.init(
            label: label, format: format, level: level, now: { LogTime.now }, sink: sink ?? StandardError.write)
    }

    init(
        label: String, format: LogFormat, level: Logger.Level, now: @escaping @Sendable () -> timespec,
        sink: @escaping Sink
    ) {
        self.label = label
        self.format = format
        self.now = now
        self.sink = sink
        logLevel = level
        metadataProvider = LoggingSystem.metadataProvider
    }

    /// A metadata value of every record of this logger.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a log record.
    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        if let error = event.error { all["error"] = "\(error)" }
        let record = LogRecord(
            level: Self.name(event.level), time: LogTime.text(now()), logger: label, message: event.message.description,
            metadata: all.sorted { $0.key < $1.key })
        var line: [UInt8] = []
        switch format {
        case .json: record.writeJSON(to: &line)
        case .logfmt: record.writeLogfmt(to: &line)
        }
        line.append(UInt8(ascii: "\n"))
        sink(line)
    }

    /// The name of a level in zap and Go's slog.
    private static func name(_ level: Logger.Level) -> String {
        switch level {
        case .trace: "trace"
        case .debug: "debug"
        case .info, .notice: "info"
        case .warning: "warn"
        case .error: "error"
        case .critical: "fatal"
        }
    }
}
