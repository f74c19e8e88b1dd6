#if canImport(Glibc)
import Glibc
#endif
import Kube
public import Logging

/// Writes each record of the log as one line, with keys in a fixed order: level, time, logger, message, then the
/// record's metadata by name.
public struct LineLogHandler: LogHandler {
    /// Where lines go; each call is given one whole line with its end.
    public typealias Sink = @Sendable ([UInt8]) -> Void

    /// Records below this level are left out.
    public var logLevel: Logger.Level
    /// What every record of the logger carries.
    public var metadata: Logger.Metadata = [:]
    /// What every record carries that the task it is written in has; swift-log's contract.
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let format: LogFormat
    private let now: @Sendable () -> timespec
    private let sink: Sink

    /// A handler for the logger of this label; without a sink it writes to standard error.
    public init(
        label: String, format: LogFormat, level: Logger.Level = .info, sink: @escaping Sink = StandardError.write
    ) {
        self.init(label: label, format: format, level: level, now: { LogTime.now }, sink: sink)
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

    /// One of the values that every record carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a record.
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

    /// The level as zap and Go's slog write it.
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

/// The standard error stream, written one whole line at a time.
public enum StandardError {
    private static let lock = Locked(())

    /// Writes bytes; what cannot be written is lost, since there is nowhere left to say so.
    public static func write(_ bytes: [UInt8]) {
        lock.withLock { _ in
            bytes.withUnsafeBytes { buffer in
                var rest = buffer[...]
                while !rest.isEmpty {
                    let count = Glibc.write(
                        STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    if count > 0 {
                        rest = rest.dropFirst(count)
                    } else if errno != EINTR {
                        return
                    }
                }
            }
        }
    }
}
