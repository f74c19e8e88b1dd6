/// The type of a patch, with its media type.
public enum PatchKind: String, Sendable, Hashable {
    /// JSON merge patch (RFC 7386).
    case merge = "application/merge-patch+json"
    /// JSON patch (RFC 6902), a list of operations.
    case json = "application/json-patch+json"
    /// Strategic merge patch, which merges lists by keys; not for custom resources.
    case strategic = "application/strategic-merge-patch+json"
    /// Server-side apply.
    case apply = "application/apply-patch+yaml"
}

/// How the server handles unknown and duplicate fields.
public enum FieldValidation: String, Sendable, Hashable {
    /// Drop them.
    case ignore = "Ignore"
    /// Drop them and send warnings.
    case warn = "Warn"
    /// Refuse the request.
    case strict = "Strict"
}

/// The options of a write.
public struct WriteOptions: Sendable, Hashable {
    /// The manager that owns the written fields; at most 128 characters.
    public var fieldManager: String?
    /// How the server handles unknown fields; nil for its default, to warn.
    public var fieldValidation: FieldValidation?
    /// Whether the server only validates the request and stores nothing.
    public var dryRun = false

    /// Creates options.
    public init(fieldManager: String? = nil, fieldValidation: FieldValidation? = nil, dryRun: Bool = false) {
        self.fieldManager = fieldManager
        self.fieldValidation = fieldValidation
        self.dryRun = dryRun
    }

    /// The query parameters.
    var parameters: [(String, String)] {
        var parameters: [(String, String)] = []
        if let fieldManager { parameters.append(("fieldManager", fieldManager)) }
        if let fieldValidation { parameters.append(("fieldValidation", fieldValidation.rawValue)) }
        if dryRun { parameters.append(("dryRun", "All")) }
        return parameters
    }
}
