import Kube

/// A kind of object that the server serves, with all that the server has to know of it.
struct ResourceType: Sendable {
    /// Where it is served.
    var resource: Resource
    /// The name for one, such as `configmap`.
    var singular: String
    /// The kind of its lists.
    var listKind: String
    var shortNames: [String]
    /// The groups of kinds that it belongs to, such as `all`.
    var categories: [String]
    var verbs: [String]
    var subresources: Set<Subresource>
    /// Where its objects say how many replicas they want and have; set where there is a scale subresource.
    var scale: ScalePaths?
    /// What `kubectl get` shows.
    var columns: [PrinterColumn]
    /// The schema of its objects; built-in kinds have none.
    var schema: Schema?
    /// How objects are merged and owned.
    var shape: MergeShape
    /// Whether `metadata.generation` counts the changes of everything but metadata and status.
    var hasGeneration: Bool
    /// Whether it comes with the server rather than from a CustomResourceDefinition: built-in kinds take strategic merge
    /// patches and get the defaults of ``defaulted(_:)``.
    var isBuiltIn: Bool
    /// Why the version should not be used any more: sent as a warning with every answer.
    var deprecationWarning: String?

    /// A part of the object that has a path of its own.
    enum Subresource: String, Sendable, CaseIterable {
        case status, scale
    }

    /// Where the numbers of the scale subresource stand in the object.
    struct ScalePaths: Sendable {
        var spec: [String]
        var status: [String]
        /// The field with the selector in the text form that the autoscaler reads; nil: `spec.selector` in JSON form.
        var selector: [String]?

        static let standard = ScalePaths(spec: ["spec", "replicas"], status: ["status", "replicas"])
    }

    /// What everything but namespaces can do.
    static let allVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]

    /// A built-in kind.
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
