import Kube

/// A request to change an object: what of it the rules of writing need to know.
struct WriteCall: Sendable {
    /// What happens with fields that the schema does not know: the parameter `fieldValidation`.
    enum FieldValidation: String, Sendable {
        case ignore = "Ignore"
        case warn = "Warn"
        case strict = "Strict"
    }

    var type: ResourceType
    var namespace: String?
    /// Nil where an object is created and its body has the name.
    var name: String?
    var subresource: String?
    /// Who writes, for managed fields.
    var manager: String
    /// Whether an apply takes fields over that others own.
    var force = false
    /// Whether nothing is stored.
    var isDryRun = false
    var fieldValidation = FieldValidation.warn
    var now = Timestamp.now
    /// What the caller should be told though the request went well.
    var warnings: [String] = []

    /// A call from inside of the process.
    init(_ type: ResourceType, namespace: String?, name: String? = nil, subresource: String? = nil, manager: String) {
        self.type = type
        self.namespace = namespace
        self.name = name
        self.subresource = subresource
        self.manager = manager
    }

    /// The call that a request makes.
    init(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) {
        self.init(
            target.type, namespace: target.namespace, name: target.name, subresource: target.subresource,
            manager: String(request.userAgent.prefix { $0 != "/" }))
        if let manager = request.parameter("fieldManager") {
            guard manager.utf8.count <= 128 else {
                throw Self.invalid(target, "fieldManager", "Too long: may not be more than 128 bytes")
            }
            self.manager = manager
        }
        if manager.isEmpty { manager = "unknown" }
        force = request.flag("force")
        if let dryRun = request.parameter("dryRun") {
            guard dryRun == "All" else {
                throw Self.invalid(
                    target, "dryRun", "Unsupported value: \"\(dryRun)\": supported values: \"All\"")
            }
            isDryRun = true
        }
        if let validation = request.parameter("fieldValidation") {
            guard let known = FieldValidation(rawValue: validation) else {
                throw Self.invalid(
                    target, "fieldValidation",
                    "Unsupported value: \"\(validation)\": supported values: \"Ignore\", \"Strict\", \"Warn\"")
            }
            fieldValidation = known
        }
        if let warning = target.type.deprecationWarning { warnings.append(warning) }
    }

    private static func invalid(_ target: RequestTarget, _ option: String, _ problem: String) -> APIStatus {
        let options = Resource(group: "meta.k8s.io", version: "v1", kind: "WriteOptions", plural: "writeoptions")
        return .invalid(options, "", [FieldError(FieldPath(option), problem)])
    }

    var resource: Resource { type.resource }

    /// Where an object of that name is stored.
    func place(_ name: String) -> StoreState.Located {
        StoreState.Located(
            collection: CollectionKey(type.resource), key: ObjectKey(namespace: namespace ?? "", name: name))
    }
}

/// What became of a write.
struct WriteResult: Sendable {
    /// The object in the version of the request.
    var object: Object
    /// Its JSON where that is written already.
    var bytes: [UInt8]?
    var isCreated = false
}
