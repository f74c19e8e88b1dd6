import Kube
import Testing

@testable import TributaryAPI

/// What the API server requires of schemas, and what users expect of them.
@Suite struct Schemas {
    static let kinds = TributaryAPI.kinds.map { $0.resource.kind }

    static func schema(of kind: String) throws -> Schema {
        try #require(TributaryAPI.kinds.first { $0.resource.kind == kind }).schema
    }

    /// Visits a schema and every schema within it, with its path.
    static func walk(_ schema: Schema, _ path: String, _ visit: (String, Schema) -> Void) {
        visit(path, schema)
        for (name, property) in schema.properties { walk(property, "\(path).\(name)", visit) }
        if let items = schema.items { walk(items, "\(path)[]", visit) }
        if case .schema(let box)? = schema.additionalProperties { walk(box.value, "\(path).*", visit) }
    }

    @Test(arguments: kinds) func `Kubectl explain describes every field`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        Self.walk(schema, kind) { path, schema in
            for (name, property) in schema.properties where !(path == kind && name == "metadata") {
                let text = property.description ?? ""
                #expect(text.hasSuffix("."), "the description of \(path).\(name) is \"\(text)\"")
                #expect(text.first?.isUppercase == true, "the description of \(path).\(name) is \"\(text)\"")
                #expect(!text.contains("\n"), "\(path).\(name) has line breaks")
            }
        }
    }

    @Test(arguments: kinds) func `Every list has a list type and a maximum length`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        Self.walk(schema, kind) { path, schema in
            guard schema.type == .array else { return }
            #expect(schema.listType != nil, "\(path)")
            #expect(schema.maxItems != nil, "\(path)")
            guard schema.listType == .map else { return }
            #expect(!schema.listMapKeys.isEmpty, "\(path)")
            for key in schema.listMapKeys {
                #expect(schema.items?.required.contains(key) == true, "\(path) is keyed by \(key), which can be absent")
            }
        }
    }

    @Test(arguments: kinds) func `Every string and map in a spec is bounded`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        let spec = try #require(schema.properties["spec"])
        Self.walk(spec, "\(kind).spec") { path, schema in
            if schema.type == .string { #expect(schema.maxLength != nil || schema.allowedValues != nil, "\(path)") }
            if case .schema? = schema.additionalProperties { #expect(schema.maxProperties != nil, "\(path)") }
        }
    }

    @Test(arguments: kinds) func `Every required field is defined`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        Self.walk(schema, kind) { path, schema in
            for name in schema.required { #expect(schema.properties[name] != nil, "\(path).\(name)") }
        }
    }

    @Test(arguments: kinds) func `Every rule has a short message without a full stop`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        Self.walk(schema, kind) { path, schema in
            for rule in schema.rules {
                let message = rule.message ?? ""
                #expect(!message.isEmpty && message.count < 200 && !message.hasSuffix("."), "\(path): \(message)")
            }
        }
    }

    @Test(arguments: kinds) func `A schema stays the same when it is written and read`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        #expect(try Schema(json: schema.json) == schema)
    }

    @Test func `Every kind has a status with conditions that kstatus reads`() throws {
        for kind in Self.kinds {
            let schema = try Self.schema(of: kind)
            let status = schema.properties["status"]
            #expect(status?.properties["observedGeneration"]?.type == .integer, "\(kind)")
            #expect(status?.properties["conditions"]?.listMapKeys == ["type"], "\(kind)")
        }
    }

    @Test func `The names of the kinds are unique`() {
        let names = TributaryAPI.customResourceDefinitions.map { $0["spec", "names"] ?? [:] }
        let all = names.flatMap { [$0["plural"]?.string, $0["singular"]?.string, $0["shortNames"]?[0]?.string] }
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { $0?.isEmpty == false })
    }
}
