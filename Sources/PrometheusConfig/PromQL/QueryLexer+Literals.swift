/// Numbers, durations and strings.
extension QueryLexer {
    // MARK: - Numbers and durations

    mutating func number(from start: Int) throws(QueryError) -> QueryToken {
        let rest = bytes[start...]
        let word = rest.prefix { $0.isAlphanumeric || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") }
        var end = word.endIndex
        // The sign of an exponent is part of the number.
        if let last = word.last, last == UInt8(ascii: "e") || last == UInt8(ascii: "E"), !Self.isHexadecimal(word),
            end < bytes.count, bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-"), isDigit(end + 1)
        {
            end += 1
            while isDigit(end) { end += 1 }
            if end < bytes.count, bytes[end].isAlphanumeric || bytes[end] == UInt8(ascii: "_") {
                throw error("bad number or duration syntax")
            }
        }
        position = end
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        if Self.isNumber(text) { return token(.number, from: start) }
        if PrometheusDuration(text) != nil { return token(.duration, from: start) }
        throw error("bad number or duration syntax: \"\(text.prefix(40))\"", at: start)
    }

    private static func isHexadecimal(_ word: ArraySlice<UInt8>) -> Bool {
        word.starts(with: "0x".utf8) || word.starts(with: "0X".utf8)
    }

    /// Whether Go's `strconv` reads a number that Prometheus's lexer has accepted.
    static func isNumber(_ text: String) -> Bool {
        let lower = text.lowercased()
        if lower.hasPrefix("0x") {
            let digits = lower.dropFirst(2).filter { $0 != "_" }
            return !lower.contains("__") && lower.last != "_" && Int64(digits, radix: 16) != nil
                && digits.first != "+" && digits.first != "-"
        }
        if lower.contains("_") {
            // Only of whole numbers without a leading zero, which would be octal.
            let parts = lower.split(separator: "_", omittingEmptySubsequences: false)
            return parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(\.isDigit) } && !lower.hasPrefix("0")
                && Int64(lower.filter { $0 != "_" }) != nil
        }
        guard lower.utf8.allSatisfy({ $0.isDigit || "+-.e".utf8.contains($0) }), lower.utf8.contains(where: \.isDigit)
        else { return false }
        let padded = lower.hasPrefix(".") ? "0\(lower)" : lower
        // Swift wants a digit on both sides of a point.
        let point = padded.firstIndex(of: ".").map { padded.index(after: $0) }
        let complete =
            if let point, point == padded.endIndex || padded[point] == "e" {
                padded[..<point] + "0" + padded[point...]
            } else {
                padded[...]
            }
        return Double(complete).map(\.isFinite) ?? false
    }

    // MARK: - Strings

    mutating func string(_ quote: UInt8) throws(QueryError) -> QueryToken {
        let start = position
        position += 1
        var value: [UInt8] = []
        while true {
            guard let byte = current else { throw error("unterminated quoted string", at: start) }
            position += 1
            if byte == quote { break }
            if byte == UInt8(ascii: "\n"), quote != UInt8(ascii: "`") {
                throw error("unterminated quoted string", at: start)
            }
            if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "`") {
                try escape(quote, into: &value)
            } else {
                value.append(byte)
            }
        }
        let text = String(decoding: value, as: UTF8.self)
        // Go cannot tell this character from a byte that is no UTF-8.
        let source = String(decoding: bytes[start..<position], as: UTF8.self)
        guard !source.unicodeScalars.contains("\u{FFFD}") else { throw error("invalid UTF-8 rune", at: start) }
        return QueryToken(kind: .string, range: start..<position, text: text)
    }

    private mutating func escape(_ quote: UInt8, into value: inout [UInt8]) throws(QueryError) {
        let start = position - 1
        guard let byte = current else { throw error("escape sequence not terminated", at: start) }
        position += 1
        let simple: [UInt8: UInt8] = [
            UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
            UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, UInt8(ascii: "\\"): 92,
        ]
        if let plain = simple[byte] ?? (byte == quote ? quote : nil) {
            value.append(plain)
            return
        }
        let (count, radix): (Int, Int)
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            position -= 1
            (count, radix) = (3, 8)
        case UInt8(ascii: "x"): (count, radix) = (2, 16)
        case UInt8(ascii: "u"): (count, radix) = (4, 16)
        case UInt8(ascii: "U"): (count, radix) = (8, 16)
        default: throw error("unknown escape sequence", at: start)
        }
        let digits = bytes[position...].prefix(count)
        guard digits.count == count, digits.allSatisfy(\.isAlphanumeric),
            let code = UInt32(String(decoding: digits, as: UTF8.self), radix: radix)
        else { throw error("illegal character in escape sequence", at: start) }
        position += count
        if count <= 3 {
            guard let byte = UInt8(exactly: code) else {
                throw error("escape sequence is an invalid Unicode code point", at: start)
            }
            value.append(byte)
        } else {
            guard let scalar = Unicode.Scalar(code) else {
                throw error("escape sequence is an invalid Unicode code point", at: start)
            }
            value += Array(String(Character(scalar)).utf8)
        }
    }
}
