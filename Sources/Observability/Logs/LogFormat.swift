public import Logging

/// How a line of the log is written.
public enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object a line, as zap writes it: `{"level":"info","ts":"…","logger":"…","msg":"…",…}`.
    case json
    /// `ts=… level=info logger=… msg="…" key=value`, easier for people to read.
    case logfmt

    /// Makes every logger of this process write to standard error in this format; call it once, at start.
    ///
    /// Loggers leave out what is below `level`, until their own level is set.
    public func bootstrap(level: Logger.Level) {
        LoggingSystem.bootstrap { label in LineLogHandler(label: label, format: self, level: level) }
    }
}
