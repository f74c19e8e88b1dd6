import Kube

/// The Go type of a field of a built-in kind, as far as it decides which JSON kube-apiserver can decode.
///
/// Built-in kinds have no schema here. A value of the wrong type must not be read as absent, though: `replicas: "3"` would
/// become the default of one replica.
indirect enum GoType: Sendable {
    /// Any value.
    case any
    case string, bool, int32, int64
    /// A text: `types.UID`.
    case uid
    /// A number or a text: `intstr.IntOrString`.
    case intOrString
    /// Base64: `[]byte`.
    case bytes
    case list(GoType)
    case map(GoType)
    /// A struct with its name and the fields that are checked.
    case object(String, [String: GoType])

    /// A value that does not fit its Go type.
    struct Mismatch: Sendable {
        /// The struct that has the field, empty for the root.
        var owner: String
        /// The members from the root to the field.
        var path: [String]
        /// The expected type.
        var type: GoType
        /// The value.
        var value: JSON
    }

    /// The first value below the root that does not fit its type; nil if all fit.
    func mismatch(in value: JSON) -> Mismatch? { mismatch(in: value, owner: "", path: []) }

    private func mismatch(in value: JSON, owner: String, path: [String]) -> Mismatch? {
        if value.isNull { return nil }
        switch (self, value) {
        case (.any, _), (.string, .string), (.uid, .string), (.bool, .bool), (.intOrString, .string): return nil
        case (.int64, .int): return nil
        case (.int32, .int(let number)), (.intOrString, .int(let number)):
            if Int32(exactly: number) != nil { return nil }
        case (.bytes, .string(let text)):
            if Self.wrongBase64Byte(text) == nil { return nil }
        case (.list(let element), .array(let elements)):
            return elements.lazy.compactMap { element.mismatch(in: $0, owner: owner, path: path) }.first
        case (.map(let element), .object(let members)):
            return members.values.lazy.compactMap { element.mismatch(in: $0, owner: owner, path: path) }.first
        case (.object(let name, let fields), .object(let members)):
            for (member, value) in members {
                guard let type = fields[member] else { continue }
                if let found = type.mismatch(in: value, owner: name, path: path + [member]) { return found }
            }
            return nil
        default: break
        }
        return Mismatch(owner: owner, path: path, type: self, value: value)
    }

    fileprivate var goName: String {
        switch self {
        case .any: "interface {}"
        case .string: "string"
        case .uid: "types.UID"
        case .bool: "bool"
        case .int32, .intOrString: "int32"
        case .int64: "int64"
        case .bytes: "[]uint8"
        case .list(let element): "[]\(element.goName)"
        case .map(let element): "map[string]\(element.goName)"
        case .object(let name, _): "v1.\(name)"
        }
    }

    /// Go's name for the type of a JSON value that does not fit this type.
    func found(_ value: JSON) -> String {
        switch (value, self) {
        case (.int, .int32), (.int, .int64), (.int, .intOrString), (.double, .int32), (.double, .int64),
            (.double, .intOrString):
            "number \(value)"
        case (.int, _), (.double, _): "number"
        case (.string, _): "string"
        case (.bool, _): "bool"
        case (.array, _): "array"
        case (.object, _): "object"
        case (.null, _): "null"
        }
    }

    /// The offset of the first byte that is not base64; nil if the text is valid.
    fileprivate static func wrongBase64Byte(_ text: String) -> Int? {
        let bytes = Array(text.utf8.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") })
        let padding = bytes.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        let digits = bytes.dropLast(padding)
        func isDigit(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
        let wrong = digits.firstIndex { !isDigit($0) }
        if wrong == nil, padding <= 2, bytes.count.isMultiple(of: 4) { return nil }
        return wrong ?? digits.count
    }
}

extension GoType.Mismatch: CustomStringConvertible {
    /// The error of Go's JSON decoder.
    var description: String {
        if case .bytes = type, let text = value.string, let offset = GoType.wrongBase64Byte(text) {
            return "illegal base64 data at input byte \(offset)"
        }
        let target =
            owner.isEmpty && path.isEmpty
            ? "Go value" : "Go struct field \(owner).\(path.joined(separator: "."))"
        return "json: cannot unmarshal \(type.found(value)) into \(target) of type \(type.goName)"
    }

    /// The error of structured-merge-diff, which server-side apply uses.
    var typedDescription: String {
        let got = value.string == nil ? "&value.valueUnstructured{Value:\(value.text())}" : "string"
        let problem =
            switch type {
            case .int32, .int64, .intOrString: "expected numeric (int or float), got \(got)"
            case .string, .uid, .bytes: "expected string, got \(got)"
            case .bool: "expected boolean, got \(got)"
            case .list: "expected list, got \(got)"
            case .map, .object, .any: "expected map, got \(got)"
            }
        return "\(path.map { ".\($0)" }.joined()): \(problem)"
    }
}
