public import Logging

/// The format of log lines.
public enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object per line, as zap writes it: `{"level":"info","ts":"…","logger":"…","msg":"…",…}`.
    case json
    /// `ts=… level=info logger=… msg="…" key=value`, easier for people to read.
    case logfmt

    /// Makes every logger of this process write to standard error in this format. Call it once at startup.
    ///
    /// Loggers write records from `level` on, until they get a level of their own.
    public func bootstrap(level: Logger.Level) {
        LoggingSystem.bootstrap { label in LineLogHandler(label: label, format: self, level: level) }
    }
}
