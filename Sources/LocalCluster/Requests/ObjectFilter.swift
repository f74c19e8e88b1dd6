import Kube

/// The objects that a list or a watch covers.
struct ObjectFilter: Sendable {
    /// The namespace; nil for all.
    var namespace: String?
    private let labels: [LabelSelector.Requirement]
    private let fields: FieldSelector

    /// The filter of a request. Throws 400 for selectors that cannot be read.
    init(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) {
        namespace = target.namespace
        labels = try LabelSelectorParser.parse(request.query["labelSelector"] ?? "")
        fields = try FieldSelector(request.query["fieldSelector"] ?? "", type: target.type)
    }

    /// Whether the filter covers every object of the namespace.
    var isEmpty: Bool { labels.isEmpty && fields.isEmpty }

    /// Whether the filter covers an object.
    func matches(_ object: Object, _ key: ObjectKey) -> Bool {
        if let namespace, key.namespace != namespace { return false }
        if !labels.isEmpty {
            let values = object.labels
            if !labels.allSatisfy({ $0.matches(values) }) { return false }
        }
        return fields.matches(object)
    }
}
