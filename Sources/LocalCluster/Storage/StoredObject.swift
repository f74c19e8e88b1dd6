import Kube

/// An object as the store keeps it: in the version in which it was last written.
struct StoredObject: Sendable {
    /// The object, with its resource version.
    var object: Object
    /// The resource version at which the object got its current state.
    var revision: Int
    /// The object as JSON, so that each state is encoded once, however many clients read it.
    var bytes: [UInt8]

    /// Creates the state of an object at a revision, which becomes the object's resource version.
    init(_ object: Object, revision: Int) {
        var object = object
        object.json["metadata", "resourceVersion"] = .string(String(revision))
        self.object = object
        self.revision = revision
        bytes = object.json.encoded()
    }

    /// The object as JSON in the version of a kind.
    func bytes(servedAs type: ResourceType) -> [UInt8] {
        object.apiVersion == type.resource.apiVersion ? bytes : type.served(object).json.encoded()
    }
}
