import Kube
import Testing

@testable import TributaryAPI

/// Types and their schemas have the same fields, of the same types, and require the same fields.
@Suite struct `Types and schemas` {
    /// The differences between the shape of a type and a schema, as sentences.
    static func differences(_ shape: Shape, _ schema: Schema, _ path: String) -> [String] {
        switch shape {
        case .any: return schema.preservesUnknownFields ? [] : ["\(path) is JSON in Swift but not open in the schema"]
        case .intOrString: return schema.isIntOrString ? [] : ["\(path) is \(shape) in Swift only"]
        case .string: return expect(schema.type == .string, shape, schema, path)
        case .integer: return expect(schema.type == .integer, shape, schema, path)
        case .number: return expect(schema.type == .number, shape, schema, path)
        case .boolean: return expect(schema.type == .boolean, shape, schema, path)
        case .list(let element):
            guard schema.type == .array, let items = schema.items else { return expect(false, shape, schema, path) }
            return differences(element, items, "\(path)[]")
        case .map(let value):
            guard case .schema(let box)? = schema.additionalProperties else {
                return expect(false, shape, schema, path)
            }
            return differences(value, box.value, "\(path).*")
        case .object(let members):
            guard schema.type == .object, schema.additionalProperties == nil else {
                return expect(false, shape, schema, path)
            }
            return compare(members, schema, path)
        }
    }

    private static func compare(_ members: [String: Shape.Member], _ schema: Schema, _ path: String) -> [String] {
        var found = members.keys.filter { schema.properties[$0] == nil }.map {
            "\(path).\($0) is missing in the schema"
        }
        found += schema.properties.keys.filter { members[$0] == nil }.map { "\(path).\($0) is missing in Swift" }
        for (name, member) in members {
            guard let property = schema.properties[name] else { continue }
            let isRequired = schema.required.contains(name)
            if isRequired != member.isRequired {
                found.append("\(path).\(name) is required \(isRequired ? "in the schema" : "in Swift") only")
            }
            found += differences(member.shape, property, "\(path).\(name)")
        }
        return found.sorted()
    }

    private static func expect(_ fits: Bool, _ shape: Shape, _ schema: Schema, _ path: String) -> [String] {
        fits ? [] : ["\(path) is \(shape) in Swift but \(schema.type.map(\.rawValue) ?? "untyped") in the schema"]
    }

    private func check<T: CustomResource>(_ type: T.Type) throws {
        let spec = try #require(T.schema.properties["spec"])
        let status = try #require(T.schema.properties["status"])
        #expect(Self.differences(try Shape(of: T.Spec.self), spec, "spec") == [])
        #expect(Self.differences(try Shape(of: T.Status.self), status, "status") == [])
    }

    @Test func `The type and the schema of GlobalView agree`() throws { try check(GlobalView.self) }
    @Test func `The type and the schema of Tenant agree`() throws { try check(Tenant.self) }
    @Test func `The type and the schema of PrometheusAgent agree`() throws { try check(PrometheusAgent.self) }

    @Test func `Each difference between a type and a schema is found`() throws {
        struct Example: Decodable {
            struct Inner: Decodable { var x: Int }
            var same: String
            var onlySwift: Int?
            var inner: [Inner]?
            var words: [String: Bool]?
            var open: JSON?
        }
        let schema = Schema.object(
            [
                "same": .string(), "onlySchema": .string(),
                "inner": .array(of: .object(["x": .string()])), "words": .map(of: .boolean()), "open": .string(),
            ], required: ["words", "same"])
        #expect(
            Self.differences(try Shape(of: Example.self), schema, "e") == [
                "e.inner[].x is an integer in Swift but string in the schema",
                "e.inner[].x is required in Swift only",
                "e.onlySchema is missing in Swift",
                "e.onlySwift is missing in the schema",
                "e.open is JSON in Swift but not open in the schema",
                "e.words is required in the schema only",
            ])
    }
}
