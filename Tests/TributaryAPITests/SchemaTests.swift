import Kube
import Testing

@testable import TributaryAPI

/// What the API server asks of schemas, and what users may expect of them.
@Suite struct Schemas {
    static let kinds = TributaryAPI.kinds.map { $0.resource.kind }

    static func schema(of kind: String) throws -> Schema {
        try #require(TributaryAPI.kinds.first { $0.resource.kind == kind }).schema
    }

    /// Every schema below one, with the path that leads to it.
    static func walk(_ schema: Schema, _ path: String, _ visit: (String, Schema) -> Void) {
        visit(path, schema)
        for (name, property) in schema.properties { walk(property, "\(path).\(name)", visit) }
        if let items = schema.items { walk(items, "\(path)[]", visit) }
        if case .schema(let box)? = schema.additionalProperties { walk(box.value, "\(path).*", visit) }
    }

    @Test(arguments: kinds) func `kubectl explain has a text for every field`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        Self.walk(schema, kind) { path, schema in
            for (name, property) in schema.properties where !(path == kind && name == "metadata") {
                let text = property.description ?? ""
                #expect(text.hasSuffix("."), "\(path).\(name) says \"\(text)\"")
                #expect(text.first?.isUppercase == true, "\(path).\(name) says \"\(text)\"")
                #expect(!text.contains("\n"), "\(path).\(name) has line breaks")
            }
        }
    }

    @Test(arguments: kinds) func `every list says how it is merged and how long it can be`(kind: String) throws {
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

    @Test(arguments: kinds) func `every string and map of what users write is bounded`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        let spec = try #require(schema.properties["spec"])
        Self.walk(spec, "\(kind).spec") { path, schema in
            if schema.type == .string { #expect(schema.maxLength != nil || schema.allowedValues != nil, "\(path)") }
            if case .schema? = schema.additionalProperties { #expect(schema.maxProperties != nil, "\(path)") }
        }
    }

    @Test(arguments: kinds) func `required fields exist`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        Self.walk(schema, kind) { path, schema in
            for name in schema.required { #expect(schema.properties[name] != nil, "\(path).\(name)") }
        }
    }

    @Test(arguments: kinds) func `rules have messages in the project's style`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        Self.walk(schema, kind) { path, schema in
            for rule in schema.rules {
                let message = rule.message ?? ""
                #expect(!message.isEmpty && message.count < 200 && !message.hasSuffix("."), "\(path): \(message)")
            }
        }
    }

    @Test(arguments: kinds) func `read back from the definition they are the same`(kind: String) throws {
        let schema = try Self.schema(of: kind)
        #expect(try Schema(json: schema.json) == schema)
    }

    @Test func `every kind has a status and conditions that kstatus reads`() throws {
        for kind in Self.kinds {
            let schema = try Self.schema(of: kind)
            let status = schema.properties["status"]
            #expect(status?.properties["observedGeneration"]?.type == .integer, "\(kind)")
            #expect(status?.properties["conditions"]?.listMapKeys == ["type"], "\(kind)")
        }
    }

    @Test func `short names and plurals do not clash`() {
        let names = TributaryAPI.customResourceDefinitions.map { $0["spec", "names"] ?? [:] }
        let all = names.flatMap { [$0["plural"]?.string, $0["singular"]?.string, $0["shortNames"]?[0]?.string] }
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { $0?.isEmpty == false })
    }
}
