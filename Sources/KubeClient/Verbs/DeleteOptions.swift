import Kube

/// The options of a deletion: `meta/v1` DeleteOptions.
public struct DeleteOptions: Sendable, Hashable {
    /// What happens to the objects that the deleted object owns.
    public enum Propagation: String, Sendable, Hashable {
        /// They are deleted after the owner.
        case background = "Background"
        /// They are deleted before the owner.
        case foreground = "Foreground"
        /// They are kept without the owner.
        case orphan = "Orphan"
    }

    /// The UID that the object must have; otherwise the response is 409.
    public var uid: String?
    /// The version that the object must have; otherwise the response is 409.
    public var resourceVersion: String?
    /// What happens to owned objects; nil for the default of the kind.
    public var propagation: Propagation?
    /// The time for a pod to terminate; nil for the value in the pod.
    public var gracePeriodSeconds: Int?
    /// Whether the server only validates the request and deletes nothing.
    public var dryRun = false

    /// Creates options.
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

    /// The body of the request.
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
