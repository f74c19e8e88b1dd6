import Kube
import TestSupport
import Testing
import TributaryAPI
import YAML

/// The YAML in the docs: whole objects, and parts of them.
@Suite struct `YAML in the docs` {
    private static let blocks = MarkdownPage.all.flatMap { path in
        ((try? MarkdownPage.at(path))?.blocks ?? []).filter { $0.language.hasPrefix("yaml") }
    }

    @Test func `YAML is in the docs`() { #expect(Self.blocks.count > 15) }

    @Test(arguments: blocks) func `YAML in the docs is valid, and its fields exist`(block: MarkdownPage.Block) throws {
        for document in try YAML.parse(block.text, file: block.page) {
            let kinds = TributaryAPI.kinds.filter { $0.resource.kind == document.value["kind"]?.string }
            if document.value["apiVersion"] != nil {
                let object = Object(document.value)
                guard let kind = TributaryAPI.kind(of: object) else {
                    #expect(object.group != TributaryAPI.group, "\(block): \(object)")
                    continue
                }
                #expect(Self.problems(in: object, kind) == [], "\(block): \(object)")
            } else if let kind = kinds.first {
                #expect(Self.misfits(document.value, kind.schema, isRoot: true) == [], "\(block)")
            } else {
                try checkPart(document.value, block)
            }
        }
    }

    @Test(arguments: blocks) func `YAML in the docs with whole objects is what "tributary lint" accepts`(
        block: MarkdownPage.Block
    ) async throws {
        let objects = try YAML.parse(block.text).map { Object($0.value) }
        let own = objects.filter { TributaryAPI.kind(of: $0) != nil }
        guard !own.isEmpty, !own.contains(where: Self.leavesOut) else { return }
        let outcome = try await Tool.run("lint", "-", input: block.text)
        // A page need not show the GlobalView of a Tenant.
        let errors = outcome.errorLines + outcome.output.split(separator: "\n").map(String.init)
        #expect(errors.filter { $0.contains(" error: ") && !$0.contains("is not a GlobalView of") } == [], "\(block)")
    }

    /// A part of an object has to fit in some place of a schema, if it could be from there at all.
    private func checkPart(_ part: JSON, _ block: MarkdownPage.Block) throws {
        let names = Set(try #require(part.object, "\(block)").keys)
        let places = Self.places.filter { names.isSubset(of: $0.properties.keys) }
        guard let closest = places.map({ Self.misfits(part, $0) }).min(by: { $0.count < $1.count }) else {
            // Of another program, such as a configuration of Prometheus or of Alertmanager.
            let near = Self.spec.filter { !names.isDisjoint(with: $0.properties.keys) }
            #expect(near.isEmpty, "\(block): \(names.sorted()) are together in no object")
            return
        }
        #expect(closest == [], "\(block)")
    }

    /// What is wrong with an object.
    private static func problems(in object: Object, _ kind: any CustomResource.Type) -> [String] {
        leavesOut(object)
            ? misfits(object.json, kind.schema, isRoot: true) : kind.problems(in: object).map(\.description)
    }

    /// Whether a page shows a GlobalView without what it consists of, as a comment in the place says.
    private static func leavesOut(_ object: Object) -> Bool {
        object.kind == "GlobalView"
            && ["thanos", "prometheus", "external"].allSatisfy { object.json["spec", $0] == nil }
    }

    /// What does not fit into a schema in a part of an object, where required members may be absent.
    private static func misfits(_ part: JSON, _ schema: Schema, isRoot: Bool = false) -> [String] {
        schema.pruning(part, isRoot: isRoot).unknown.map { "\($0) is not a field" }
            + schema.validate(part).map(\.description).filter { !$0.contains("Required value") }
    }

    /// All objects in the schemas of the kinds.
    private static let places: [Schema] = TributaryAPI.kinds.flatMap { objects(in: $0.schema) }
    /// The specs themselves, of which parts are shown most.
    private static let spec: [Schema] = TributaryAPI.kinds.compactMap { $0.schema.properties["spec"] }

    private static func objects(in schema: Schema) -> [Schema] {
        var inner = Array(schema.properties.values) + [schema.items].compactMap(\.self)
        if case .schema(let box)? = schema.additionalProperties { inner.append(box.value) }
        return (schema.properties.isEmpty ? [] : [schema]) + inner.flatMap { objects(in: $0) }
    }
}
