public import Kube

/// An integer or a string, as in quantities: `util/intstr` IntOrString.
public enum IntOrString: Sendable, Hashable, Codable {
    /// An integer.
    case int(Int64)
    /// A string.
    case string(String)

    /// Decodes an integer or, failing that, a string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    /// Encodes the integer or string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .int(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        }
    }

    /// The value as JSON.
    public var json: JSON {
        switch self {
        case .int(let value): .int(value)
        case .string(let value): .string(value)
        }
    }

    /// The value as text.
    public var text: String {
        switch self {
        case .int(let value): String(value)
        case .string(let value): value
        }
    }
}
