import Kube

/// One state of one object: the UID tells the object from others of its name, the resource version tells its states apart.
public struct ObjectVersion: Sendable, Hashable {
    /// The object.
    public var uid: UID
    /// The state; nil if the API server does not number them.
    public var resourceVersion: ResourceVersion?

    /// A state of an object.
    public init(uid: UID, resourceVersion: ResourceVersion?) {
        self.uid = uid
        self.resourceVersion = resourceVersion
    }

    /// Whether this is an earlier state of the same object; false where nothing tells.
    public func isOlder(than other: ObjectVersion) -> Bool {
        guard uid == other.uid, let own = resourceVersion, let others = other.resourceVersion else { return false }
        return own < others
    }
}

/// What is known of one state of an object.
public protocol Versioned: Sendable {
    /// The state.
    var version: ObjectVersion { get }
}

extension Object: Versioned {
    /// The object's UID and resource version.
    public var version: ObjectVersion {
        ObjectVersion(uid: UID(uid ?? ""), resourceVersion: resourceVersion.flatMap(ResourceVersion.init))
    }
}
