import Kube

/// The collection that holds a kind's objects. All versions of a kind share one, and so do the two groups of events.
struct CollectionKey: Sendable, Hashable {
    var group: String
    var plural: String

    /// The collection of the kind with this group and plural name.
    init(group: String, plural: String) {
        self.group = group == Resource.events.group ? "" : group
        self.plural = plural
    }

    /// The collection of a resource.
    init(_ resource: Resource) { self.init(group: resource.group, plural: resource.plural) }

    /// The collection of a CustomResourceDefinition's objects.
    init(definition: Object) {
        self.init(
            group: definition.json["spec", "group"]?.string ?? "",
            plural: definition.json["spec", "names", "plural"]?.string ?? "")
    }
}

/// Where an object is stored.
struct ObjectLocation: Sendable, Hashable {
    var collection: CollectionKey
    var key: ObjectKey

    /// The location of an object of a resource.
    init(_ resource: Resource, _ key: ObjectKey) { self.init(CollectionKey(resource), key) }

    /// The location of an object in a collection.
    init(_ collection: CollectionKey, _ key: ObjectKey) {
        self.collection = collection
        self.key = key
    }
}
