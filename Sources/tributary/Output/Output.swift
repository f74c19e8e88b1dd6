#if canImport(Glibc)
import Glibc
#endif
import Kube

/// Prints for commands, without a buffer.
enum Output {
    private static let fault = Locked<String?>(nil)

    /// Why standard output is not complete, as a line; nil if it is.
    static var problem: String? { fault.withLock { $0 } }

    /// Prints a line to standard error.
    static func error(_ line: String) {
        Progress.shared.clear()
        write(line.hasSuffix("\n") ? line : line + "\n", to: STDERR_FILENO)
    }

    /// Prints text to standard output as it is.
    static func text(_ text: String) {
        Progress.shared.clear()
        // A reader that has closed its end has what it wanted.
        guard let number = write(text, to: STDOUT_FILENO), number != EPIPE else { return }
        let line = "error: \(name(of: STDOUT_FILENO)): cannot be written: \(String(cString: strerror(number)))"
        fault.withLock { $0 = $0 ?? line }
    }

    /// The file that a descriptor writes to.
    private static func name(of descriptor: Int32) -> String {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = readlink("/proc/self/fd/\(descriptor)", &path, path.count - 1)
        guard count > 0, path[0] == CChar(bitPattern: UInt8(ascii: "/")) else { return "standard output" }
        return String(decoding: path.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Prints what controls the terminal to standard error.
    static func raw(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Writes a text to a file that is open; returns the number of the error if a part of it is lost.
    @discardableResult
    static func write(_ text: String, to descriptor: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { return errno }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
            return nil
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
