import Kube

/// A request to create or change an object.
struct WriteCall: Sendable {
    /// What happens to fields that are not in the schema: the parameter `fieldValidation`.
    enum FieldValidation: String, Sendable {
        case ignore = "Ignore"
        case warn = "Warn"
        case strict = "Strict"
    }

    /// The kind of the object.
    var type: ResourceType
    /// The namespace; nil for cluster-scoped objects.
    var namespace: String?
    /// The name; nil if an object is created, whose body has the name.
    var name: String?
    /// The subresource; nil for the object itself.
    var subresource: String?
    /// The name of the field manager.
    var manager: String
    /// Whether an apply takes over fields that other managers own.
    var force = false
    /// Whether nothing is stored.
    var isDryRun = false
    /// What happens to unknown fields.
    var fieldValidation = FieldValidation.warn
    /// The time of the request.
    var now = Timestamp.now
    /// The warnings for the client.
    var warnings: [String] = []

    /// Creates a call from inside the process.
    init(_ type: ResourceType, namespace: String?, name: String? = nil, subresource: String? = nil, manager: String) {
        self.type = type
        self.namespace = namespace
        self.name = name
        self.subresource = subresource
        self.manager = manager
    }

    /// The options of a request. Throws 422 for values that are not supported.
    init(_ request: APIRequest, _ target: RequestTarget) throws(APIStatus) {
        let isApply = request.method == "PATCH" && request.mediaType == ObjectPatch.applyType
        let options =
            request.method == "POST" ? "CreateOptions" : request.method == "PUT" ? "UpdateOptions" : "PatchOptions"
        self.init(
            target.type, namespace: target.namespace, name: target.name, subresource: target.subresource,
            manager: String(request.userAgent.prefix { $0 != "/" }))
        if let manager = request.parameter("fieldManager") {
            try Self.check(manager, options)
            self.manager = manager
        } else if isApply {
            throw .invalidOption(options, "fieldManager", "Required value: is required for apply patch")
        }
        if manager.isEmpty { manager = "unknown" }
        if request.query["force"] != nil, !isApply {
            throw .invalidOption(options, "force", "Forbidden: may not be specified for non-apply patch")
        }
        force = request.flag("force")
        if let dryRun = request.query["dryRun"] {
            guard dryRun == "All" else {
                throw .invalidOption(
                    options, "dryRun", "Unsupported value: \(JSON([dryRun]).text()): supported values: \"All\"")
            }
            isDryRun = true
        }
        if let validation = request.parameter("fieldValidation") {
            guard let known = FieldValidation(rawValue: validation) else {
                throw .invalidOption(
                    options, "fieldValidation",
                    "Unsupported value: \(JSON(validation).text()): supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""
                )
            }
            fieldValidation = known
        }
        if let warning = target.type.deprecationWarning { warnings.append(warning) }
    }

    private static func check(_ manager: String, _ options: String) throws(APIStatus) {
        if manager.utf8.count > 128 {
            throw .invalidOption(options, "fieldManager", "Too long: may not be more than 128 bytes")
        }
        for (position, scalar) in manager.unicodeScalars.enumerated() where scalar.value < 0x20 || scalar.value == 0x7F
        {
            let code = String(scalar.value, radix: 16, uppercase: true)
            let padded = String(repeating: "0", count: max(0, 4 - code.utf8.count)) + code
            throw .invalidOption(
                options, "fieldManager",
                "Invalid value: \(JSON(manager).text()): invalid character U+\(padded) (at position \(position))")
        }
    }

    /// The resource of the object.
    var resource: Resource { type.resource }

    /// Where an object with a name is stored.
    func location(_ name: String) -> ObjectLocation {
        ObjectLocation(type.resource, ObjectKey(namespace: namespace ?? "", name: name))
    }
}

/// The result of a write.
struct WriteResult: Sendable {
    /// The object in the version of the request.
    var object: Object
    /// The object as JSON, if it is encoded already.
    var bytes: [UInt8]?
    /// Whether the write created the object.
    var isCreated = false
}
