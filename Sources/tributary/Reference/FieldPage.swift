import Kube
import TributaryAPI

/// The page of the docs about the fields of a kind, written from its schema.
struct FieldPage {
    /// An object whose members a table describes.
    private struct Section {
        var path: String
        var schema: Schema
    }

    private let kind: any CustomResource.Type
    private var sections: [Section] = []
    /// The path of the section that describes an object of this shape, which may occur in several places.
    private var described: [Schema: String] = [:]

    init(_ kind: any CustomResource.Type) {
        self.kind = kind
        for part in ["spec", "status"] {
            if let schema = kind.schema.properties[part] { collect(schema, part) }
        }
    }

    /// The page in Markdown.
    var text: String {
        let names = kind.crd["spec", "names", "shortNames"]?.array?.compactMap(\.string).map { "`\($0)`" } ?? []
        let contents = sections.filter { $0.path.filter { $0 == "." }.count <= 1 }.map {
            "- [\($0.path)](#\(Markdown.anchor($0.path)))"
        }
        let head = """
            # \(kind.resource.kind)

            <!-- Written by `make crds` from the Swift types; edit those. -->

            \(kind.schema.description ?? "") `apiVersion: \(kind.resource.apiVersion)`, `kind: \(kind.resource.kind)`; \
            `kubectl get \(kind.resource.plural)`, or \(names.joined(separator: ", ")) for short.

            A field is optional unless its type says that it is required. The examples are values that the API server \
            takes, and not advice. `kubectl explain \(kind.resource.plural).spec` has the same texts.

            \(contents.joined(separator: "\n"))

            """
        return head + sections.map(text).joined()
    }

    // MARK: - Sections

    private mutating func collect(_ schema: Schema, _ path: String) {
        sections.append(Section(path: path, schema: schema))
        described[Self.shape(schema)] = path
        for (name, property) in schema.properties where KubernetesPart.link(to: name, property) == nil {
            guard let (suffix, object) = Self.object(in: property), described[Self.shape(object)] == nil else {
                continue
            }
            collect(object, "\(path).\(name)\(suffix)")
        }
    }

    /// The object in a property, a list or a map, and how a path leads there; nil if there is none with members.
    private static func object(in schema: Schema) -> (suffix: String, object: Schema)? {
        if !schema.properties.isEmpty { return ("", schema) }
        if let items = schema.items, !items.properties.isEmpty { return ("[]", items) }
        if case .schema(let box)? = schema.additionalProperties, !box.value.properties.isEmpty {
            return (".*", box.value)
        }
        return nil
    }

    /// An object without its own description, by which those of one Swift type are equal.
    private static func shape(_ schema: Schema) -> Schema {
        var shape = schema
        shape.description = nil
        return shape
    }

    private func text(_ section: Section) -> String {
        let rows = section.schema.properties.map { name, schema in row(name, schema, in: section) }
        let rules = section.schema.rules.map { rule in
            let field = rule.fieldPath.map { "`\($0.drop { $0 == "." })`: " } ?? ""
            return "- \(field)\(Markdown.plain(rule.message ?? rule.rule))"
        }
        let parts: [String?] = [
            "\n## \(section.path)",
            section.schema.description.map(Markdown.plain),
            (["| field | type | default | meaning | example |", "| --- | --- | --- | --- | --- |"] + rows)
                .joined(separator: "\n"),
            rules.isEmpty ? nil : "Rules:\n\n" + rules.joined(separator: "\n"),
        ]
        return parts.compactMap(\.self).joined(separator: "\n\n") + "\n"
    }

    private func row(_ name: String, _ schema: Schema, in section: Section) -> String {
        let description = FieldDescription(schema.description ?? "")
        let isRequired = section.schema.required.contains(name)
        let example = FieldExample(section.path).value(of: name, schema)
        let cells = [
            "`\(name)`", type(of: name, schema) + (isRequired ? ", required" : ""),
            Markdown.plain(description.standard ?? ""), Markdown.plain(description.meaning),
            Markdown.code("\(name): \(example.flowText)"),
        ]
        return "| \(cells.joined(separator: " | ")) |"
    }

    // MARK: - Types

    private func type(of name: String, _ schema: Schema) -> String {
        if let link = KubernetesPart.link(to: name, schema) { return link }
        guard let (suffix, object) = Self.object(in: schema), let path = described[Self.shape(object)] else {
            return FieldType(schema).text
        }
        let words = ["": "object", "[]": "list of objects"][suffix] ?? "map of objects"
        return "[\(words)](#\(Markdown.anchor(path)))"
    }
}
