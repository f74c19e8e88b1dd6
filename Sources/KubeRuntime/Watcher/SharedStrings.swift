import Kube

/// Lets equal strings share their memory: the namespaces of objects repeat, and each longer one would take its own.
///
/// Bounded, as namespaces come and go. A list comes in the order of namespaces, so starting over costs little.
struct SharedStrings {
    /// How many strings are remembered.
    static let capacity = 1000

    private var strings: Set<String> = []

    /// How many strings are remembered now.
    var count: Int { strings.count }

    /// The same string, in the memory of an equal one that was seen before.
    mutating func sharing(_ string: String) -> String {
        if strings.count >= Self.capacity, !strings.contains(string) { strings = [] }
        return strings.insert(string).memberAfterInsert
    }

    /// The same key with its namespace shared.
    mutating func sharing(_ key: ObjectKey) -> ObjectKey {
        ObjectKey(namespace: sharing(key.namespace), name: key.name)
    }
}
