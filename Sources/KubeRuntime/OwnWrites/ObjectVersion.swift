import Kube

/// A version of an object: its UID, which no other object of its name has, and its resource version.
public struct ObjectVersion: Sendable, Hashable {
    /// The object's UID.
    public var uid: UID
    /// The object's resource version; nil if it is not a number.
    public var resourceVersion: ResourceVersion?

    /// A version from its parts.
    public init(uid: UID, resourceVersion: ResourceVersion?) {
        self.uid = uid
        self.resourceVersion = resourceVersion
    }

    /// Whether this is an earlier version of the same object; false if they cannot be compared.
    public func isOlder(than other: ObjectVersion) -> Bool {
        guard uid == other.uid, let own = resourceVersion, let others = other.resourceVersion else { return false }
        return own < others
    }
}

/// Something that has an object's version.
public protocol Versioned: Sendable {
    /// The version.
    var version: ObjectVersion { get }
}

extension Object: Versioned {
    /// The object's UID and resource version.
    public var version: ObjectVersion {
        ObjectVersion(uid: UID(uid ?? ""), resourceVersion: resourceVersion.flatMap(ResourceVersion.init))
    }
}
