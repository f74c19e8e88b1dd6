/// The header fields of a response, in their order.
public struct HTTPHeaders: Sendable, Hashable {
    /// One field, whose name is in lower case.
    private struct Field: Sendable, Hashable {
        var name: String
        var value: String
    }

    private var fields: [Field] = []

    /// The value of the first field with a lowercase name.
    public subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

    /// The values of all fields with a lowercase name.
    public func values(of name: String) -> [String] { fields.lazy.filter { $0.name == name }.map(\.value) }

    mutating func append(name: String, value: String) { fields.append(Field(name: name, value: value)) }
}
