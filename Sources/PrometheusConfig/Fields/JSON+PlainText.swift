import Kube

extension JSON {
    /// A plain value as Prometheus reads it into a string; nil for null, a list or an object.
    var plainText: String? {
        switch self {
        case .string(let text): text
        case .int, .double, .bool: text()
        case .null, .array, .object: nil
        }
    }
}
