import Kube

/// A change to an object, as a controller sees it.
struct ClusterObjectChange: Sendable {
    /// What happened to the object.
    enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    /// What happened.
    var kind: Kind
    /// The resource of the object, with the version in which it is represented.
    var resource: Resource
    /// The object after the change; for a deletion, its last state.
    var object: Object
}
