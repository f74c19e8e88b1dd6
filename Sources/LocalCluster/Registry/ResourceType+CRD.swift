import Kube

extension ResourceType {
    /// The kind that one version of a CustomResourceDefinition defines.
    ///
    /// Throws ``FieldError`` in kube-apiserver's words if the definition has no such version, or if a part that this
    /// server reads is missing or wrong.
    init(crd: Object, version: String) throws(FieldError) {
        let reader = DefinitionReader(crd)
        let versions = crd.json["spec", "versions"]?.array ?? []
        guard let index = versions.firstIndex(where: { $0["name"]?.string == version }) else {
            throw FieldError(
                FieldPath("spec.versions"), "Invalid value: must contain a version with the name \"\(version)\"")
        }
        let definition = versions[index]
        let path = FieldPath("spec.versions").appending(index)
        var schema: Schema?
        if let json = definition["schema", "openAPIV3Schema"] {
            schema = try Schema(json: json, at: path.appending("schema").appending("openAPIV3Schema"))
        }
        let names = FieldPath("spec.names")
        let resource = Resource(
            group: try reader.text(at: FieldPath("spec.group")), version: version,
            kind: try reader.text(at: names.appending("kind")), plural: try reader.text(at: names.appending("plural")),
            isNamespaced: try reader.isNamespaced())
        self.init(
            resource, shortNames: try reader.texts(at: names.appending("shortNames")),
            categories: try reader.texts(at: names.appending("categories")),
            shape: MergeShape(customResource: schema), hasGeneration: true)
        isBuiltIn = false
        singular = crd.json["spec", "names", "singular"]?.string ?? resource.kind.lowercased()
        listKind = crd.json["spec", "names", "listKind"]?.string ?? resource.kind + "List"
        self.schema = schema
        try reader.checkColumns(at: path.appending("additionalPrinterColumns"))
        columns = PrinterColumn.columns(of: definition)
        if definition["deprecated"]?.bool == true {
            deprecationWarning =
                definition["deprecationWarning"]?.string
                ?? "\(resource.apiVersion) \(resource.kind) is deprecated"
        }
        if definition["subresources", "status"]?.object != nil { subresources.insert(.status) }
        scale = try reader.scalePaths(at: path.appending("subresources").appending("scale"))
        if scale != nil { subresources.insert(.scale) }
    }

    /// The kinds of all versions that a CustomResourceDefinition serves.
    static func served(by crd: Object) throws(FieldError) -> [ResourceType] {
        var types: [ResourceType] = []
        for version in crd.json["spec", "versions"]?.array ?? [] where version["served"]?.bool == true {
            types.append(try ResourceType(crd: crd, version: version["name"]?.string ?? ""))
        }
        return types
    }
}

/// Reads a CustomResourceDefinition and refuses what apiextensions' `validateCustomResourceDefinitionSpec` refuses.
private struct DefinitionReader {
    private let json: JSON
    private static let columnTypes = ["boolean", "date", "integer", "number", "string"]

    init(_ crd: Object) { json = crd.json }

    /// A text that is required.
    func text(at path: FieldPath) throws(FieldError) -> String {
        guard let text = json[path: path]?.string, !text.isEmpty else { throw FieldError(path, "Required value") }
        return text
    }

    /// A list of texts; empty if it is absent.
    func texts(at path: FieldPath) throws(FieldError) -> [String] {
        var texts: [String] = []
        for (index, value) in (json[path: path]?.array ?? []).enumerated() {
            guard let text = value.string else {
                throw FieldError(path.appending(index), "Invalid value: \(value.text()): must be of type string")
            }
            texts.append(text)
        }
        return texts
    }

    func isNamespaced() throws(FieldError) -> Bool {
        let path = FieldPath("spec.scope")
        switch try text(at: path) {
        case "Namespaced": return true
        case "Cluster": return false
        case let scope:
            throw FieldError(path, "Unsupported value: \"\(scope)\": supported values: \"Cluster\", \"Namespaced\"")
        }
    }

    func checkColumns(at path: FieldPath) throws(FieldError) {
        for index in (json[path: path]?.array ?? []).indices {
            let column = path.appending(index)
            _ = try text(at: column.appending("name"))
            let type = try text(at: column.appending("type"))
            guard Self.columnTypes.contains(type) else {
                throw FieldError(
                    column.appending("type"),
                    "Invalid value: \"\(type)\": must be one of \(Self.columnTypes.joined(separator: ","))")
            }
            try checkSimple(try text(at: column.appending("jsonPath")), at: column.appending("jsonPath"))
        }
    }

    func scalePaths(at path: FieldPath) throws(FieldError) -> ResourceType.ScalePaths? {
        guard json[path: path]?.object != nil else { return nil }
        func required(_ member: String, below root: String) throws(FieldError) -> [String] {
            let path = path.appending(member)
            return try steps(try text(at: path), at: path, below: [root], "should be a json path under \(root)")
        }
        var paths = ResourceType.ScalePaths(
            spec: try required("specReplicasPath", below: ".spec"),
            status: try required("statusReplicasPath", below: ".status"), selector: [])
        let selector = path.appending("labelSelectorPath")
        if let text = json[path: selector]?.string, !text.isEmpty {
            paths.selector = try steps(
                text, at: selector, below: [".spec", ".status"], "should be a json path under either .spec or .status")
        }
        return paths
    }

    private func steps(
        _ text: String, at path: FieldPath, below roots: [String], _ problem: String
    ) throws(FieldError) -> [String] {
        try checkSimple(text, at: path)
        guard roots.contains(where: { text.hasPrefix("\($0).") }) else {
            throw FieldError(path, "Invalid value: \"\(text)\": \(problem)")
        }
        return text.split(separator: ".").map(String.init)
    }

    private func checkSimple(_ text: String, at path: FieldPath) throws(FieldError) {
        guard text.hasPrefix(".") else {
            throw FieldError(path, "Invalid value: \"\(text)\": must be a simple json path starting with .")
        }
    }
}
