import Kube

extension ResourceType {
    /// The kind that one version of a CustomResourceDefinition defines.
    ///
    /// Throws ``FieldError`` where the definition has no such version, or lacks what it must have.
    init(crd: Object, version: String) throws(FieldError) {
        let spec = FieldPath("spec")
        func text(_ path: String...) throws(FieldError) -> String {
            guard let text = crd.json[path: ["spec"] + path]?.string, !text.isEmpty else {
                throw FieldError(path.reduce(spec) { $0.appending($1) }, "Required value")
            }
            return text
        }
        let versions = crd.json["spec", "versions"]?.array ?? []
        guard let index = versions.firstIndex(where: { $0["name"]?.string == version }) else {
            throw FieldError(spec.appending("versions"), "Invalid value: there is no version \"\(version)\"")
        }
        let definition = versions[index]
        let path = spec.appending("versions").appending(index)
        var schema: Schema?
        if let json = definition["schema", "openAPIV3Schema"] {
            schema = try Schema(json: json, at: path.appending("schema").appending("openAPIV3Schema"))
        }
        let resource = Resource(
            group: try text("group"), version: version, kind: try text("names", "kind"),
            plural: try text("names", "plural"), isNamespaced: crd.json["spec", "scope"]?.string != "Cluster")
        let names = crd.json["spec", "names"] ?? [:]
        self.init(
            resource, shortNames: (names["shortNames"]?.array ?? []).compactMap(\.string),
            categories: (names["categories"]?.array ?? []).compactMap(\.string),
            shape: MergeShape(customResource: schema), hasGeneration: true)
        isBuiltIn = false
        singular = names["singular"]?.string ?? resource.kind.lowercased()
        listKind = names["listKind"]?.string ?? resource.kind + "List"
        self.schema = schema
        columns = PrinterColumn.columns(of: definition)
        if definition["deprecated"]?.bool == true {
            deprecationWarning =
                definition["deprecationWarning"]?.string
                ?? "\(resource.apiVersion) \(resource.kind) is deprecated"
        }
        if definition["subresources", "status"]?.object != nil { subresources.insert(.status) }
        if let scale = definition["subresources", "scale"]?.object {
            subresources.insert(.scale)
            func steps(_ key: String) -> [String]? {
                (scale[key]?.string).map { $0.split(separator: ".").map(String.init) }
            }
            self.scale = ScalePaths(
                spec: steps("specReplicasPath") ?? [], status: steps("statusReplicasPath") ?? [],
                selector: steps("labelSelectorPath"))
        }
    }

    /// The kinds of all the versions that a CustomResourceDefinition serves.
    static func served(by crd: Object) throws(FieldError) -> [ResourceType] {
        var types: [ResourceType] = []
        for version in crd.json["spec", "versions"]?.array ?? [] where version["served"]?.bool == true {
            types.append(try ResourceType(crd: crd, version: version["name"]?.string ?? ""))
        }
        return types
    }
}
