import Kube

/// The kinds that the server serves: the built-in kinds and those of CustomResourceDefinitions.
struct Registry: Sendable {
    /// What identifies a kind in URLs.
    struct Key: Sendable, Hashable {
        var group: String
        var version: String
        var plural: String

        /// The key of a resource.
        init(_ resource: Resource) {
            group = resource.group
            version = resource.version
            plural = resource.plural
        }

        /// The key of a URL's parts.
        init(group: String, version: String, plural: String) {
            self.group = group
            self.version = version
            self.plural = plural
        }
    }

    private var types: [Key: ResourceType] = [:]
    private var order: [Key] = []

    /// Creates a registry of the built-in kinds.
    init(_ types: [ResourceType] = ResourceType.builtIn) {
        for type in types { add(type) }
    }

    /// Every kind, in the order in which it was added.
    var all: [ResourceType] { order.compactMap { types[$0] } }

    /// The kind at a URL.
    func lookup(group: String, version: String, plural: String) -> ResourceType? {
        types[Key(group: group, version: version, plural: plural)]
    }

    /// The kind of a resource.
    func lookup(_ resource: Resource) -> ResourceType? { types[Key(resource)] }

    /// The groups, the core group first, each with its versions, the preferred version first.
    var groups: [(name: String, versions: [String])] {
        var groups: [(name: String, versions: [String])] = []
        for type in all {
            if let index = groups.firstIndex(where: { $0.name == type.resource.group }) {
                if !groups[index].versions.contains(type.resource.version) {
                    groups[index].versions.append(type.resource.version)
                }
            } else {
                groups.append((type.resource.group, [type.resource.version]))
            }
        }
        for index in groups.indices { groups[index].versions.sort(by: Self.isPreferred) }
        return groups
    }

    /// Adds a kind, or replaces the kind with the same URL.
    mutating func add(_ type: ResourceType) {
        let key = Key(type.resource)
        if types.updateValue(type, forKey: key) == nil { order.append(key) }
    }

    /// Adds the kinds of a CustomResourceDefinition, and removes those of its versions that are no longer served.
    ///
    /// A built-in kind with the same URL stays, as in kube-apiserver. Throws ``FieldError`` if the definition cannot
    /// be read; then nothing changes.
    mutating func add(crd: Object) throws(FieldError) {
        let served = try ResourceType.served(by: crd)
        remove(crd: crd)
        for type in served where types[Key(type.resource)] == nil { add(type) }
    }

    /// Removes the kinds of a CustomResourceDefinition.
    mutating func remove(crd: Object) {
        let group = crd.json["spec", "group"]?.string
        let plural = crd.json["spec", "names", "plural"]?.string
        for key in order where key.group == group && key.plural == plural && types[key]?.isBuiltIn == false {
            types[key] = nil
        }
        order.removeAll { types[$0] == nil }
    }

    /// Whether a version comes before another: `v2`, `v1`, `v1beta2`, `v1alpha1`, then all others by name.
    static func isPreferred(_ left: String, over right: String) -> Bool {
        let (a, b) = (Rank(left), Rank(right))
        guard let a, let b else { return a != nil || (b == nil && left < right) }
        return (a.stability, a.major, a.minor) > (b.stability, b.major, b.minor)
    }

    private struct Rank {
        var major: Int
        var stability = 2
        var minor = 0

        /// Parses `v` and a number, optionally followed by `alpha` or `beta` and a number.
        init?(_ version: String) {
            guard version.first == "v" else { return nil }
            let rest = version.dropFirst()
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard let major = Int(digits) else { return nil }
            self.major = major
            let suffix = rest.dropFirst(digits.count)
            if suffix.isEmpty { return }
            for (stability, word) in ["alpha", "beta"].enumerated() where suffix.hasPrefix(word) {
                guard let minor = Int(suffix.dropFirst(word.count)) else { return nil }
                self.stability = stability
                self.minor = minor
                return
            }
            return nil
        }
    }
}
