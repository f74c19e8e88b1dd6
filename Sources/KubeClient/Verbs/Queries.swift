import Kube

/// Which objects a list is to have, and how fresh it must be: `meta/v1` ListOptions.
public struct ListQuery: Sendable, Hashable {
    /// Requirements on labels, as `kubectl -l` takes them.
    public var labelSelector: String?
    /// Requirements on fields, such as `metadata.name=a`.
    public var fieldSelector: String?
    /// The most objects on one page.
    public var limit: Int?
    /// Where the page before ended.
    public var continueToken: String?
    /// How fresh the answer must be; nil asks for the newest state.
    public var resourceVersion: String?
    /// `Exact` or `NotOlderThan`, if a resource version is given.
    public var resourceVersionMatch: String?
    /// Whether only metadata is asked for; objects then have no spec, data or status.
    public var metadataOnly = false

    /// A query.
    public init(
        labelSelector: String? = nil, fieldSelector: String? = nil, limit: Int? = nil, continueToken: String? = nil,
        resourceVersion: String? = nil, resourceVersionMatch: String? = nil, metadataOnly: Bool = false
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.limit = limit
        self.continueToken = continueToken
        self.resourceVersion = resourceVersion
        self.resourceVersionMatch = resourceVersionMatch
        self.metadataOnly = metadataOnly
    }

    var parameters: [(String, String)] {
        var parameters: [(String, String)] = []
        if let labelSelector { parameters.append(("labelSelector", labelSelector)) }
        if let fieldSelector { parameters.append(("fieldSelector", fieldSelector)) }
        if let limit { parameters.append(("limit", String(limit))) }
        if let continueToken { parameters.append(("continue", continueToken)) }
        if let resourceVersion { parameters.append(("resourceVersion", resourceVersion)) }
        if let resourceVersionMatch { parameters.append(("resourceVersionMatch", resourceVersionMatch)) }
        return parameters
    }
}

/// Which changes a watch is to tell of.
public struct WatchQuery: Sendable, Hashable {
    /// Requirements on labels, as `kubectl -l` takes them.
    public var labelSelector: String?
    /// Requirements on fields, such as `metadata.name=a`.
    public var fieldSelector: String?
    /// The version after which changes are told.
    public var resourceVersion: String?
    /// When the server ends the watch; the client gives up 5 s later (and 5 s for connecting), with `timedOut`.
    public var timeout: Duration = .seconds(290)
    /// Whether the server is to send bookmarks, which tell of newer versions without a change.
    public var allowBookmarks = true
    /// Whether the objects that exist come first, as `added`, ended by a bookmark: a list by watch.
    public var sendInitialEvents = false
    /// Whether only metadata is asked for; objects then have no spec, data or status.
    public var metadataOnly = false

    /// A query.
    public init(
        labelSelector: String? = nil, fieldSelector: String? = nil, resourceVersion: String? = nil,
        timeout: Duration = .seconds(290), allowBookmarks: Bool = true, sendInitialEvents: Bool = false,
        metadataOnly: Bool = false
    ) {
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
        self.resourceVersion = resourceVersion
        self.timeout = timeout
        self.allowBookmarks = allowBookmarks
        self.sendInitialEvents = sendInitialEvents
        self.metadataOnly = metadataOnly
    }

    /// `timeoutSeconds` counts whole seconds, and 0 would mean that the server chooses.
    var timeoutSeconds: Int { max(1, timeout.milliseconds / 1000) }

    var parameters: [(String, String)] {
        var parameters = [("watch", "true"), ("timeoutSeconds", String(timeoutSeconds))]
        if allowBookmarks { parameters.append(("allowWatchBookmarks", "true")) }
        if let labelSelector { parameters.append(("labelSelector", labelSelector)) }
        if let fieldSelector { parameters.append(("fieldSelector", fieldSelector)) }
        if let resourceVersion { parameters.append(("resourceVersion", resourceVersion)) }
        if sendInitialEvents {
            parameters.append(("sendInitialEvents", "true"))
            parameters.append(("resourceVersionMatch", "NotOlderThan"))
        }
        return parameters
    }
}

/// One page of a list.
public struct ObjectList: Sendable {
    /// The objects, each with its `apiVersion` and `kind`.
    public var items: [Object]
    /// What to ask for to get the next page; nil on the last one.
    public var continueToken: String?
    /// The version that the list shows; a watch begins from it.
    public var resourceVersion: String
    /// About how many objects follow on further pages, where the server says so.
    public var remaining: Int?

    /// A list from its parts.
    public init(items: [Object], continueToken: String? = nil, resourceVersion: String, remaining: Int? = nil) {
        self.items = items
        self.continueToken = continueToken
        self.resourceVersion = resourceVersion
        self.remaining = remaining
    }
}

/// How a patch is to be read, and the media type that says so.
public enum PatchKind: String, Sendable, Hashable {
    /// RFC 7386.
    case merge = "application/merge-patch+json"
    /// RFC 6902: a list of operations.
    case json = "application/json-patch+json"
    /// Kubernetes's own merging by keys; not for custom resources.
    case strategic = "application/strategic-merge-patch+json"
    /// Server-side apply.
    case apply = "application/apply-patch+yaml"
}

/// What the server does with fields that it does not know or that come twice.
public enum FieldValidation: String, Sendable, Hashable {
    case ignore = "Ignore"
    case warn = "Warn"
    case strict = "Strict"
}

/// What else a write takes.
public struct WriteOptions: Sendable, Hashable {
    /// Who owns the fields that are written; at most 128 characters.
    public var fieldManager: String?
    /// What is done about unknown fields; nil leaves it to the server, which warns.
    public var fieldValidation: FieldValidation?
    /// Whether everything is checked but nothing stored.
    public var dryRun = false

    /// Options.
    public init(fieldManager: String? = nil, fieldValidation: FieldValidation? = nil, dryRun: Bool = false) {
        self.fieldManager = fieldManager
        self.fieldValidation = fieldValidation
        self.dryRun = dryRun
    }

    var parameters: [(String, String)] {
        var parameters: [(String, String)] = []
        if let fieldManager { parameters.append(("fieldManager", fieldManager)) }
        if let fieldValidation { parameters.append(("fieldValidation", fieldValidation.rawValue)) }
        if dryRun { parameters.append(("dryRun", "All")) }
        return parameters
    }
}

/// How an object is deleted: `meta/v1` DeleteOptions.
public struct DeleteOptions: Sendable, Hashable {
    /// What becomes of the objects that the deleted one owns.
    public enum Propagation: String, Sendable, Hashable {
        case background = "Background"
        case foreground = "Foreground"
        case orphan = "Orphan"
    }

    /// Delete only the object with this UID; else the answer is 409.
    public var uid: String?
    /// Delete only this version of the object; else the answer is 409.
    public var resourceVersion: String?
    /// What becomes of owned objects; nil leaves it to the kind.
    public var propagation: Propagation?
    /// How long a pod may take to end; nil leaves it to the object.
    public var gracePeriodSeconds: Int?
    /// Whether everything is checked but nothing deleted.
    public var dryRun = false

    /// Options.
    public init(
        uid: String? = nil, resourceVersion: String? = nil, propagation: Propagation? = nil,
        gracePeriodSeconds: Int? = nil, dryRun: Bool = false
    ) {
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.propagation = propagation
        self.gracePeriodSeconds = gracePeriodSeconds
        self.dryRun = dryRun
    }

    var json: JSON {
        var json: JSON = ["apiVersion": "v1", "kind": "DeleteOptions"]
        var preconditions: JSON = [:]
        if let uid { preconditions["uid"] = .string(uid) }
        if let resourceVersion { preconditions["resourceVersion"] = .string(resourceVersion) }
        if preconditions.object?.isEmpty == false { json["preconditions"] = preconditions }
        if let propagation { json["propagationPolicy"] = .string(propagation.rawValue) }
        if let gracePeriodSeconds { json["gracePeriodSeconds"] = JSON(gracePeriodSeconds) }
        if dryRun { json["dryRun"] = ["All"] }
        return json
    }
}
