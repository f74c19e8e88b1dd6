import Kube

/// A scalar as written in the text, before its meaning is resolved.
struct YAMLScalar {
    /// The text, without quotes and escapes.
    var text: String
    /// The tag in its long form, `tag:yaml.org,2002:str`, if any.
    var tag: String?
    /// Whether the scalar has neither quotes nor a tag, so that its text determines its type.
    var isPlain: Bool

    /// Whether this is the merge key, which must not be quoted.
    var isMergeKey: Bool { text == "<<" && (isPlain || tag == "\(Self.tagPrefix)merge") }

    static let tagPrefix = "tag:yaml.org,2002:"
}

/// Why a scalar has no meaning.
struct YAMLScalarError: Error {
    let reason: String
}

extension YAMLScalar {
    /// The value as go-yaml v2 resolves it and Go's `encoding/json` writes it.
    func json() throws(YAMLScalarError) -> JSON {
        switch try resolved() {
        case .null: return .null
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .float(let value):
            guard value.isFinite else {
                throw YAMLScalarError(
                    reason: "\(text) is a number that JSON cannot represent; put it in quotes to make it a string")
            }
            return Int64(exactly: value).map(JSON.int) ?? .double(value)
        case .timestamp, .string: return .string(text)
        case .binary(let text): return .string(text)
        }
    }

    /// The scalar as the string of a key.
    func key() throws(YAMLScalarError) -> String {
        switch try resolved() {
        case .null: throw YAMLScalarError(reason: "a key should be a string, not null")
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .float(let value): return Self.goText(ofKey: value)
        case .timestamp, .string: return text
        case .binary(let text): return text
        }
    }

    private func resolved() throws(YAMLScalarError) -> YAMLResolution {
        guard let tag else { return isPlain ? YAMLResolution(of: text, readsTimestamps: true) : .string }
        guard tag.hasPrefix(Self.tagPrefix) else { return .string }
        let name = tag.dropFirst(Self.tagPrefix.count)
        switch name {
        case "bool", "int", "float", "null", "timestamp":
            let resolution = YAMLResolution(of: text, readsTimestamps: name == "timestamp")
            if resolution.tagName == name { return resolution }
            if name == "float", case .int(let value) = resolution { return .float(Double(value)) }
            throw YAMLScalarError(reason: "cannot decode !!\(resolution.tagName) `\(text)` as a !!\(name)")
        case "binary":
            guard let bytes = YAMLBinary.decode(text) else {
                throw YAMLScalarError(reason: "the !!binary value is not valid base64")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw YAMLScalarError(reason: "the !!binary value is not UTF-8 text, which JSON requires")
            }
            return .binary(text)
        default: return .string
        }
    }

    /// A floating-point key as `sigs.k8s.io/yaml` writes it: Go's format `g` in 32 bits.
    static func goText(ofKey value: Double) -> String {
        if value.isNaN { return ".nan" }
        let value = Float(value)
        if value.isInfinite { return value < 0 ? "-.inf" : ".inf" }
        if value == 0 { return value.sign == .minus ? "-0" : "0" }
        // Swift writes the same shortest digits but switches to an exponent at other magnitudes.
        let magnitude = "\(value.magnitude)"
        let parts = magnitude.split(separator: "e")
        let point = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let fraction = point.count > 1 ? point[1] : ""
        var digits = Array((point[0] + fraction).utf8)
        var exponent = point[0].utf8.count - 1 + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.count > 1, digits.first == UInt8(ascii: "0") {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
        let sign = value < 0 ? "-" : ""
        func text(_ digits: some Sequence<UInt8>) -> String { String(decoding: Array(digits), as: UTF8.self) }
        if exponent < -4 || exponent >= 6 {
            let rest = digits.count > 1 ? "." + text(digits.dropFirst()) : ""
            let width = abs(exponent) < 10 ? "0" : ""
            return "\(sign)\(text(digits.prefix(1)))\(rest)e\(exponent < 0 ? "-" : "+")\(width)\(abs(exponent))"
        }
        if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + text(digits) }
        while digits.count <= exponent { digits.append(UInt8(ascii: "0")) }
        let fractionDigits = digits.dropFirst(exponent + 1)
        return sign + text(digits.prefix(exponent + 1)) + (fractionDigits.isEmpty ? "" : "." + text(fractionDigits))
    }
}
