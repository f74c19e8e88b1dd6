import Kube
import TestSupport
import Testing
import TributaryAPI
import YAML

@testable import tributary

/// The pages about the fields of the kinds.
@Suite struct `The pages about fields` {
    @Test(arguments: TributaryAPI.kinds.indices)
    func `The pages about fields are what "make crds" writes`(index: Int) throws {
        let kind = TributaryAPI.kinds[index]
        #expect(try Checkout.read(Self.path(kind)) == FieldPage(kind).text, "make crds writes it")
    }

    @Test(arguments: TributaryAPI.kinds.indices)
    func `The pages about fields describe every field, with an example that its schema allows`(
        index: Int
    ) throws {
        let kind = TributaryAPI.kinds[index]
        var examples = 0
        for section in try Self.sections(of: kind) {
            let schema = try #require(Self.schema(section.path, in: kind), "\(section.path)")
            let names = section.rows.map { $0[0].filter { $0 != "`" } }
            #expect(names == Array(schema.properties.keys), "\(section.path)")
            for (name, row) in zip(names, section.rows) {
                let example = try YAML.parseOne(String(row[4].dropFirst().dropLast())).value
                let (field, value) = try #require(example.object?.elements.first.map { ($0.key, $0.value) }, "\(row)")
                #expect(field == name)
                let property = try #require(schema.properties[name])
                #expect(property.validate(value) == [], "\(section.path).\(name)")
                #expect(property.pruning(value, isRoot: false).unknown == [], "\(section.path).\(name)")
                #expect(!row[3].isEmpty || !row[2].isEmpty, "\(section.path).\(name) has no meaning")
                examples += 1
            }
        }
        #expect(examples > 90)
    }

    /// The heading and the table of a section.
    private static func sections(
        of kind: any CustomResource.Type
    ) throws -> [(path: String, rows: [[String]])] {
        let page = try MarkdownPage.at(path(kind))
        let headings = try Checkout.read(path(kind)).split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(headings.count == page.tables.count)
        return zip(headings, page.tables).map { (String($0.dropFirst(3)), $1.rows) }
    }

    private static func path(_ kind: any CustomResource.Type) -> String {
        "docs/api/\(kind.resource.kind.lowercased()).md"
    }

    /// The schema at a path such as `spec.hashrings[].labels`.
    private static func schema(_ path: String, in kind: any CustomResource.Type) -> Schema? {
        path.split(separator: ".").reduce(kind.schema) { schema, part in
            if part == "*" { return schema?.property("any") }
            let member = schema?.properties[part.filter { $0 != "[" && $0 != "]" }]
            return part.hasSuffix("[]") ? member?.items : member
        }
    }
}
