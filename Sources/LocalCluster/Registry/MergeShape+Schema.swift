import Kube

extension MergeShape {
    /// The shape of a custom resource, from the `x-kubernetes-list-type` and related extensions of its schema.
    ///
    /// `metadata` has the same shape in every kind.
    init(customResource schema: Schema?) {
        guard let schema else {
            self = .fields(["metadata": .metadata, "apiVersion": .named, "kind": .named], others: .unknown)
            return
        }
        var fields = schema.properties.elements.reduce(into: [String: MergeShape]()) {
            $0[$1.key] = MergeShape(schema: $1.value)
        }
        fields["metadata"] = .metadata
        fields["apiVersion"] = .named
        fields["kind"] = .named
        self = .fields(fields, others: .unknown)
    }

    /// The shape of the values that a schema describes.
    init(schema: Schema) {
        switch schema.type {
        case .array:
            switch schema.listType {
            case .map where !schema.listMapKeys.isEmpty:
                let names = schema.listMapKeys.map { ($0, schema.items?.properties[$0]?.defaultValue) }
                self = .list(Keys(names: names, patchKey: nil), schema.items.map(MergeShape.init(schema:)) ?? .unknown)
            case .set: self = .set
            default: self = .atomic
            }
        case _ where schema.mapType == .atomic: self = .atomic
        case _ where schema.isEmbeddedResource:
            self = MergeShape(customResource: schema)
        default:
            let fields = schema.properties.elements.reduce(into: [String: MergeShape]()) {
                $0[$1.key] = MergeShape(schema: $1.value)
            }
            switch schema.additionalProperties {
            case .schema(let box)?: self = .fields(fields, others: .entries(MergeShape(schema: box.value)))
            default: self = .fields(fields, others: .unknown)
            }
        }
    }
}
