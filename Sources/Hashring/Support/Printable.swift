extension StringProtocol {
    /// The text for a message: on one line, and cut after 64 characters.
    var printable: String {
        let scalars = unicodeScalars.prefix(64).map { $0.value < 0x20 || $0.value == 0x7F ? "\u{FFFD}" : $0 }
        return String(String.UnicodeScalarView(scalars)) + (unicodeScalars.count > 64 ? "…" : "")
    }
}
