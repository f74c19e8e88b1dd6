import Glibc

/// Small files, read whole.
enum FileReading {
    /// The most bytes that a configuration file may have.
    static let limit = 4 * 1024 * 1024

    /// Reads a file; errors name it and say what it is for.
    static func read(_ path: String, as name: String) throws(KubeClientError) -> [UInt8] {
        func fail(_ problem: String) -> KubeClientError {
            KubeClientError(.configuration, subject: "\(name) \(path)", problem)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw fail("cannot be read: \(systemError)") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fail("cannot be read: \(systemError)") }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw fail("found a directory, expected a file") }
        var bytes: [UInt8] = []
        let piece = 64 * 1024
        while true {
            let count = bytes.count
            let got = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: piece) { buffer -> Int in
                let got = Glibc.read(descriptor, buffer.baseAddress, piece)
                if got > 0 { bytes.append(contentsOf: buffer.prefix(got)) }
                return got
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw fail("cannot be read: \(systemError)") }
            guard count + got <= limit else { throw fail("is longer than \(limit) bytes") }
            if got == 0 { return bytes }
        }
    }

    /// Whether something is at a path.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static var systemError: String { String(cString: strerror(errno)).lowercasedFirst }
}

/// PEM text, as far as this client looks into it.
enum PEM {
    /// Whether there is a block whose label ends in these words.
    static func contains(_ bytes: [UInt8], _ label: String) -> Bool {
        bytes.split(separator: 0x0A).contains { line in
            let text = String(decoding: line, as: UTF8.self).trimmed
            return text.hasPrefix("-----BEGIN ") && text.hasSuffix("\(label)-----")
        }
    }
}

/// Base 64 by RFC 4648, as kubeconfigs have it.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? Int(bytes[start + offset]) : 0) }
            for place in 0..<4 {
                text.append(place <= count ? alphabet[group >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes, line breaks within passed over; nil where the text is something else.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var group = 0
        var places = 0
        var padding = 0
        for byte in text {
            let value: Int
            switch byte {
            case 0x0A, 0x0D, 0x20, 0x09: continue
            case UInt8(ascii: "="):
                padding += 1
                continue
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = Int(byte) - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = Int(byte) - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int(byte) + 4
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            guard padding == 0 else { return nil }
            group = (group << 6 | value) & 0xFF_FFFF
            places += 1
            if places % 4 == 0 {
                bytes += [UInt8(group >> 16), UInt8(group >> 8 & 255), UInt8(group & 255)]
                group = 0
            }
        }
        switch places % 4 {
        case 0: return padding == 0 ? bytes : nil
        case 2: bytes.append(UInt8(group >> 4 & 255))
        case 3: bytes += [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)]
        default: return nil
        }
        return padding == 0 || (places + padding) % 4 == 0 ? bytes : nil
    }
}

extension StringProtocol {
    /// This text without white space at both ends.
    var trimmed: String {
        var rest = self[...]
        while let first = rest.first, first.isWhitespace { rest = rest.dropFirst() }
        while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
        return String(rest)
    }
}
