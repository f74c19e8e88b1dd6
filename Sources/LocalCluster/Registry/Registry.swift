import Kube

/// The kinds that the server serves: the built-in ones, and those of the CustomResourceDefinitions that were added.
struct Registry: Sendable {
    /// What tells kinds apart in URLs.
    struct Key: Sendable, Hashable {
        var group: String
        var version: String
        var plural: String

        init(_ resource: Resource) {
            group = resource.group
            version = resource.version
            plural = resource.plural
        }

        init(group: String, version: String, plural: String) {
            self.group = group
            self.version = version
            self.plural = plural
        }
    }

    private var types: [Key: ResourceType] = [:]
    private var order: [Key] = []

    /// The built-in kinds.
    init(_ types: [ResourceType] = ResourceType.builtIn) {
        for type in types { add(type) }
    }

    /// Every kind, in the order in which they were added.
    var all: [ResourceType] { order.compactMap { types[$0] } }

    /// The kind of a URL.
    func lookup(group: String, version: String, plural: String) -> ResourceType? {
        types[Key(group: group, version: version, plural: plural)]
    }

    /// The kind of a resource.
    func lookup(_ resource: Resource) -> ResourceType? { types[Key(resource)] }

    /// The kind that an object's `apiVersion` and `kind` name.
    func lookup(apiVersion: String, kind: String) -> ResourceType? {
        all.first { $0.resource.apiVersion == apiVersion && $0.resource.kind == kind }
    }

    /// The groups, the core group first, each with its versions, the preferred one first.
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

    /// Adds a kind, or puts it in the place of the one that was served there.
    mutating func add(_ type: ResourceType) {
        let key = Key(type.resource)
        if types.updateValue(type, forKey: key) == nil { order.append(key) }
    }

    /// Adds the kinds of a CustomResourceDefinition, and removes those of its versions that are served no longer.
    mutating func add(crd: Object) throws(FieldError) {
        let served = try ResourceType.served(by: crd)
        remove(crd: crd)
        for type in served { add(type) }
    }

    /// Removes a kind.
    mutating func remove(_ resource: Resource) {
        types[Key(resource)] = nil
        order.removeAll { $0 == Key(resource) }
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

    /// Whether a version comes before another: `v2` before `v1` before `v1beta2` before `v1alpha1` before other words.
    static func isPreferred(_ left: String, over right: String) -> Bool {
        let (a, b) = (Rank(left), Rank(right))
        guard let a, let b else { return a != nil || (b == nil && left < right) }
        return (a.stability, a.major, a.minor) > (b.stability, b.major, b.minor)
    }

    private struct Rank {
        var major: Int
        var stability = 2
        var minor = 0

        /// Reads `v`, a number and maybe `alpha` or `beta` and a number.
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
