import Kube

/// The Go type of a field of a built-in kind, as far as it decides which JSON kube-apiserver can decode.
///
/// Built-in kinds have no schema here. A value of the wrong type must not be read as absent, though: `replicas: "3"` would
/// become the default of one replica.
indirect enum GoType: Sendable {
    /// Any value.
    case any
    case string, bool, int32, int64
    /// A number or a text: `intstr.IntOrString`.
    case intOrString
    /// Base64: `[]byte`.
    case bytes
    case list(GoType)
    case map(GoType)
    /// A struct with its name and the fields that are checked.
    case object(String, [String: GoType])

    /// The error of Go's JSON decoder for a value of a struct; nil if the value fits.
    func decodingError(in value: JSON) -> String? { error(in: value, field: ("", [])) }

    private typealias Field = (owner: String, path: [String])

    private func error(in value: JSON, field: Field) -> String? {
        if value.isNull { return nil }
        switch (self, value) {
        case (.any, _), (.string, .string), (.bool, .bool), (.intOrString, .string): return nil
        case (.int64, .int): return nil
        case (.int32, .int(let number)), (.intOrString, .int(let number)):
            if Int32(exactly: number) != nil { return nil }
        case (.bytes, .string(let text)):
            return Self.base64Error(text)
        case (.list(let element), .array(let elements)):
            return elements.lazy.compactMap { element.error(in: $0, field: field) }.first
        case (.map(let element), .object(let members)):
            return members.values.lazy.compactMap { element.error(in: $0, field: field) }.first
        case (.object(let name, let fields), .object(let members)):
            for (member, value) in members {
                guard let type = fields[member] else { continue }
                if let error = type.error(in: value, field: (name, field.path + [member])) { return error }
            }
            return nil
        default: break
        }
        return
            "json: cannot unmarshal \(description(of: value)) into Go struct field "
            + "\(field.owner).\(field.path.joined(separator: ".")) of type \(goName)"
    }

    private var goName: String {
        switch self {
        case .any: "interface {}"
        case .string: "string"
        case .bool: "bool"
        case .int32, .intOrString: "int32"
        case .int64: "int64"
        case .bytes: "[]uint8"
        case .list(let element): "[]\(element.goName)"
        case .map(let element): "map[string]\(element.goName)"
        case .object(let name, _): "v1.\(name)"
        }
    }

    private func description(of value: JSON) -> String {
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

    private static func base64Error(_ text: String) -> String? {
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
        return "illegal base64 data at input byte \(wrong ?? digits.count)"
    }
}
