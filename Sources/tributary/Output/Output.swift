#if canImport(Glibc)
import Glibc
#endif

/// Prints for commands, without a buffer.
enum Output {
    /// Prints a line to standard error.
    static func error(_ line: String) {
        Progress.shared.clear()
        write(line.hasSuffix("\n") ? line : line + "\n", to: STDERR_FILENO)
    }

    /// Prints text to standard output as it is.
    static func text(_ text: String) {
        Progress.shared.clear()
        write(text, to: STDOUT_FILENO)
    }

    /// Prints what controls the terminal to standard error.
    static func raw(_ text: String) { write(text, to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                // The reader has closed its end.
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }

    /// One line of at most 1000 characters without control characters, which could manipulate a terminal.
    static func printable(_ line: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in line.unicodeScalars.prefix(1000) {
            let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            result.append(isControl ? "\u{FFFD}" : scalar)
        }
        return String(result) + (line.unicodeScalars.count > 1000 ? "…" : "")
    }
}
