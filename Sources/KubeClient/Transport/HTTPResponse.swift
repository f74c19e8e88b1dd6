/// The header fields of an answer, in the order in which they came.
public struct HTTPHeaders: Sendable, Hashable {
    /// One field; its name is in lower case.
    public struct Field: Sendable, Hashable {
        public var name: String
        public var value: String
    }

    /// The fields.
    public private(set) var fields: [Field] = []

    /// No fields.
    public init() {}

    /// The first field's value, its name given in lower case.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The values of all fields of a name, given in lower case.
    public func values(of name: String) -> [String] { fields.lazy.filter { $0.name == name }.map(\.value) }

    mutating func append(name: String, value: String) { fields.append(Field(name: name, value: value)) }
}

/// What an answer begins with.
struct HTTPHead: Sendable, Hashable {
    var status: Int
    var headers = HTTPHeaders()

    /// The media type without parameters, in lower case; nil where the server names none.
    var mediaType: String? { HTTPHead.mediaType(of: headers) }

    static func mediaType(of headers: HTTPHeaders) -> String? {
        guard let value = headers["content-type"] else { return nil }
        return String(value.prefix { $0 != ";" && $0 != " " }).lowercased()
    }
}

/// A whole answer, whatever its status.
public struct HTTPResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// The header fields.
    public var headers: HTTPHeaders
    /// The body, decompressed; at most ``KubeClient/Options/maximumBodySize`` bytes.
    public var body: [UInt8]

    /// The media type without parameters, in lower case.
    public var mediaType: String? { HTTPHead.mediaType(of: headers) }
}
