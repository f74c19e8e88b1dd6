/// What a terminal shows of the progress of a command: nothing in the first second, then one line that is written over.
///
/// It has no clock and writes nothing.
struct ProgressLine {
    /// How long a command may take without a word.
    static let patience = Duration.seconds(1)
    /// The width of the line, so that it does not wrap.
    static let width = 79

    private var started: Duration?
    private var text = ""
    /// The text on the terminal; nil if there is none.
    private var shown: String?

    /// Takes over what the command does now.
    mutating func step(_ text: String, now: Duration) {
        started = started ?? now
        self.text = text
    }

    /// What to write to bring the terminal up to date; nil for nothing.
    mutating func update(now: Duration) -> String? {
        guard let started, now - started >= Self.patience, shown != text else { return nil }
        shown = text
        let line = Output.printable(text)
        return "\r\(Self.erasing)\(line.count > Self.width ? line.prefix(Self.width - 1) + "…" : line[...])"
    }

    /// What to write before something else is; nil for nothing. The line comes back with the next update.
    mutating func clear() -> String? {
        guard shown != nil else { return nil }
        shown = nil
        return "\r\(Self.erasing)"
    }

    /// Erases the rest of the line.
    private static let erasing = "\u{1B}[K"
}
