import Kube

/// A kind that the server serves, and how the server treats its objects.
struct ResourceType: Sendable {
    /// The group, version, kind and plural name.
    var resource: Resource
    /// The singular name, such as `configmap`.
    var singular: String
    /// The kind of its lists.
    var listKind: String
    var shortNames: [String]
    /// The categories that the kind belongs to, such as `all`.
    var categories: [String]
    var verbs: [String]
    var subresources: Set<Subresource>
    /// The paths of the replica counts; nil if the kind has no scale subresource.
    var scale: ScalePaths?
    /// The columns of `kubectl get`.
    var columns: [PrinterColumn]
    /// The schema of the objects; nil for built-in kinds.
    var schema: Schema?
    /// How apply and patches divide the objects into fields.
    var shape: MergeShape
    /// Whether `metadata.generation` counts changes to everything except metadata and status.
    var hasGeneration: Bool
    /// Whether the kind comes with the server rather than from a CustomResourceDefinition. Built-in kinds accept
    /// strategic merge patches and have the defaults of ``defaulted(_:)``.
    var isBuiltIn: Bool
    /// The deprecation warning that the server sends with every response to a write.
    var deprecationWarning: String?

    /// A part of the object with its own URL.
    enum Subresource: String, Sendable, CaseIterable {
        case status, scale
    }

    /// The paths of the scale subresource's values in the object.
    struct ScalePaths: Sendable {
        /// The desired number of replicas.
        var spec: [String]
        /// The actual number of replicas.
        var status: [String]
        /// The label selector: a text in custom resources, a LabelSelector in built-in kinds; empty if there is none.
        var selector: [String]

        /// The paths of the built-in workloads.
        static let standard = ScalePaths(
            spec: ["spec", "replicas"], status: ["status", "replicas"], selector: ["spec", "selector"])
    }

    /// The verbs of all kinds except namespaces.
    static let allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]

    /// Creates a built-in kind.
    init(
        _ resource: Resource, shortNames: [String] = [], categories: [String] = [],
        subresources: Set<Subresource> = [], shape: MergeShape, hasGeneration: Bool = false,
        columns: [PrinterColumn] = [.name, .age]
    ) {
        self.resource = resource
        singular = resource.kind.lowercased()
        listKind = resource.kind + "List"
        self.shortNames = shortNames
        self.categories = categories
        verbs = resource == .namespaces ? Self.allVerbs.filter { $0 != "deletecollection" } : Self.allVerbs
        self.subresources = subresources
        scale = subresources.contains(.scale) ? .standard : nil
        self.columns = columns
        self.shape = shape
        self.hasGeneration = hasGeneration
        isBuiltIn = true
    }
}
