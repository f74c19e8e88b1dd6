import Kube

/// One step of a path in managed fields: `meta/v1` FieldsV1 writes it as a member's name.
enum PathStep: Sendable, Hashable {
    /// `f:name`: an object's member.
    case field(String)
    /// `k:{"name":"a"}`: the element of a list whose members have these values.
    case key(JSON)
    /// `v:"a"`: the element of a set.
    case value(JSON)
    /// `i:0`: an element by its place; nothing writes it, but it can be read.
    case index(Int)

    /// Reads the form of FieldsV1; nil for `.` and for what is no step.
    init?(fieldsV1 text: String) {
        guard text.dropFirst().first == ":" else { return nil }
        let rest = String(text.dropFirst(2))
        switch text.first {
        case "f": self = .field(rest)
        case "k":
            guard let key = try? JSON(parsing: rest), key.object != nil else { return nil }
            self = .key(key)
        case "v":
            guard let value = try? JSON(parsing: rest) else { return nil }
            self = .value(value)
        case "i":
            guard let index = Int(rest) else { return nil }
            self = .index(index)
        default: return nil
        }
    }

    /// The form of FieldsV1.
    var fieldsV1: String {
        switch self {
        case .field(let name): "f:\(name)"
        case .key(let key): "k:\(key)"
        case .value(let value): "v:\(value)"
        case .index(let index): "i:\(index)"
        }
    }

    /// The form of messages: `.name`, `[name="a"]`, `[="a"]`, `[0]`.
    var message: String {
        switch self {
        case .field(let name): return ".\(name)"
        case .key(let key):
            let members = (key.object ?? [:]).sorted { $0.key < $1.key }
            return "[\(members.map { "\($0.key)=\($0.value)" }.joined(separator: ","))]"
        case .value(let value): return "[=\(value)]"
        case .index(let index): return "[\(index)]"
        }
    }
}
