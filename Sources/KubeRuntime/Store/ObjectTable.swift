import Kube

/// An index of a store: it files each object under terms, such as the name of its owner.
public struct StoreIndex<Value: Sendable>: Sendable {
    /// What tells the indexes of a store apart.
    public struct Name: Sendable, Hashable, ExpressibleByStringLiteral {
        /// The name.
        public var text: String
        /// A name.
        public init(_ text: String) { self.text = text }
        /// A name from a literal.
        public init(stringLiteral text: String) { self.text = text }
    }

    /// The index's name.
    public var name: Name
    /// The terms under which an object is filed.
    public var terms: @Sendable (ObjectKey, Value) -> [String]

    /// An index.
    public init(_ name: Name, _ terms: @escaping @Sendable (ObjectKey, Value) -> [String]) {
        self.name = name
        self.terms = terms
    }
}

/// What changed about one object of a table.
struct ObjectChange<Value: Sendable> {
    var key: ObjectKey
    var old: Value?
    var new: Value?
}

/// Values by key, and their keys by the terms of indexes.
struct ObjectTable<Value: Sendable> {
    private(set) var values: [ObjectKey: Value] = [:]
    private let indexes: [StoreIndex<Value>]
    /// Arrays, because few objects share a term and an array takes a quarter of the memory of a set.
    private var filed: [[String: [ObjectKey]]]

    init(indexes: [StoreIndex<Value>] = []) {
        self.indexes = indexes
        filed = indexes.map { _ in [:] }
    }

    var count: Int { values.count }

    subscript(key: ObjectKey) -> Value? { values[key] }

    /// Takes in an event of a watcher of one namespace, or of all; returns what differs by `isSame`. Values that do not
    /// differ are replaced as well.
    mutating func apply(
        _ event: WatcherEvent<Value>, of namespace: String? = nil, isSame: (Value, Value) -> Bool
    ) -> [ObjectChange<Value>] {
        switch event {
        case .applied(let key, let value): return set(value, for: key, isSame).map { [$0] } ?? []
        case .deleted(let key): return set(nil, for: key, isSame).map { [$0] } ?? []
        case .restarted(let all):
            let gone = values.keys.filter { all[$0] == nil && (namespace == nil || $0.namespace == namespace) }
            return gone.compactMap { set(nil, for: $0, isSame) } + all.compactMap { set($1, for: $0, isSame) }
        }
    }

    /// The keys of the objects that an index files under a term.
    func keys(in name: StoreIndex<Value>.Name, of term: String) -> Set<ObjectKey> {
        guard let position = indexes.firstIndex(where: { $0.name == name }) else { return [] }
        return Set(filed[position][term] ?? [])
    }

    private mutating func set(
        _ new: Value?, for key: ObjectKey, _ isSame: (Value, Value) -> Bool
    ) -> ObjectChange<Value>? {
        let old = values[key]
        values[key] = new
        for (position, index) in indexes.enumerated() {
            let before = old.map { Set(index.terms(key, $0)) } ?? []
            let after = new.map { Set(index.terms(key, $0)) } ?? []
            for term in before.subtracting(after) {
                filed[position][term]?.removeAll { $0 == key }
                if filed[position][term]?.isEmpty == true { filed[position][term] = nil }
            }
            for term in after.subtracting(before) { filed[position][term, default: []].append(key) }
        }
        switch (old, new) {
        case (nil, nil): return nil
        case (let old?, let new?) where isSame(old, new): return nil
        default: return ObjectChange(key: key, old: old, new: new)
        }
    }
}
