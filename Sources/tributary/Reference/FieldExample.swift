import Kube
import YAML

/// Finds an example of a field: the first value that its schema allows among those that may be good ones.
struct FieldExample {
    /// The last part of the path of the object that the field is in.
    private let parent: String

    init(_ path: String) {
        parent = String(path.split(separator: ".").last { $0 != "*" } ?? "").filter { $0 != "[" && $0 != "]" }
    }

    /// An example of a member.
    func value(of name: String, _ schema: Schema) -> JSON {
        let candidates = written(name) + [derived(name, schema)]
        return candidates.first { Self.fits($0, schema) } ?? candidates[candidates.count - 1]
    }

    private static func fits(_ value: JSON, _ schema: Schema) -> Bool {
        schema.validate(value).isEmpty && schema.pruning(value, isRoot: false).unknown.isEmpty
    }

    /// The examples that somebody has written for a field of this name.
    private func written(_ name: String) -> [JSON] {
        ["\(parent).\(name)", name].compactMap(ExampleValues.of)
    }

    private func derived(_ name: String, _ schema: Schema) -> JSON {
        let description = FieldDescription(schema.description ?? "")
        if let allowed = schema.allowedValues, let first = allowed.first {
            // Another value than that of an absent field shows more.
            return allowed.first { $0.flowText != description.standard } ?? first
        }
        switch schema.type {
        case .boolean: return .bool(description.standard != "true")
        case .array:
            guard let items = schema.items else { return [] }
            return .array([FieldExample(name).member(name, items)])
        case .object:
            if case .schema(let box)? = schema.additionalProperties {
                return ["team": FieldExample(name).member("value", box.value)]
            }
            return FieldExample(name).object(schema)
        default: return scalar(schema, description)
        }
    }

    /// An example of an element of a list or a map.
    private func member(_ name: String, _ schema: Schema) -> JSON {
        schema.properties.isEmpty ? value(of: name, schema) : object(schema)
    }

    /// An object with its required members or, without any, with the first that shows something.
    private func object(_ schema: Schema) -> JSON {
        let shown = schema.required.isEmpty ? schema.properties.keys.prefix(1).map(\.self) : schema.required
        var json: JSON = [:]
        for name in shown {
            if let property = schema.properties[name] { json[name] = value(of: name, property) }
        }
        return json
    }

    private func scalar(_ schema: Schema, _ description: FieldDescription) -> JSON {
        let samples = description.samples.compactMap { (try? YAML.parseOne($0))?.value }
        let usual: [JSON] =
            schema.type == .integer
            ? [JSON(Int(max(schema.minimum ?? 1, 1)))]
            : ["main", "5m", "1Gi", "10MB", "https://metrics.example.org", "tenant", 1, "2026-11-30T08:00:00Z", "A"]
        return (samples + usual).first { Self.fits($0, schema) } ?? .null
    }
}
