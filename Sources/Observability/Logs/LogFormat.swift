public import Logging

/// The format of log lines.
public enum LogFormat: String, Sendable, CaseIterable {
    /// One JSON object per line, as zap writes it: `{"level":"info","ts":"…","logger":"…","msg":"…",…}`.
    case json
    /// `ts=… level=info logger=… msg="…" key=value`, easier for people to read.
    case logfmt

    /// Makes every logger of this process write to standard error in this format. Call it once at startup.
    ///
    /// Loggers write records from `level` on, until they get a level of their own. The lines of a reconcile have its id.
    public func bootstrap(level: Logger.Level) {
        LoggingSystem.bootstrap(
            { label, provider in
                var handler = LineLogHandler(label: label, format: self, level: level)
                handler.metadataProvider = provider
                return handler
            }, metadataProvider: LogContext.provider)
    }
}
