import Kube

/// Reads one's own writes: the answer to a write counts until a watch shows it or something newer.
///
/// A watch shows a write some milliseconds after the answer. A program that relied on the watch alone would write again, or
/// undo what it has just written. An answer is forgotten as soon as the watch has caught up.
public struct OwnWrites<Key: Hashable & Sendable, Value: Versioned>: Sendable {
    private var written: [Key: Boxed<Value>] = [:]

    /// Nothing was written yet.
    public init() {}

    /// Takes in the answer to a write.
    public mutating func wrote(_ answer: Value, for key: Key) { written[key] = Boxed(answer) }

    /// What was written and no watch has shown yet.
    public subscript(key: Key) -> Value? { written[key]?.value }

    /// The newest state of an object that a watch shows. If a watch shows no object, it was deleted or is not shown yet, and
    /// an answer does not tell which.
    public mutating func newest(_ shown: Value, for key: Key) -> Value {
        guard let own = written[key]?.value else { return shown }
        if shown.version.isOlder(than: own.version) { return own }
        forget(key)
        return shown
    }

    /// Whether a watch shows what was written last, which is forgotten then.
    public mutating func isLast(_ shown: ObjectVersion, for key: Key) -> Bool {
        guard shown.resourceVersion != nil, written[key]?.value.version == shown else { return false }
        forget(key)
        return true
    }

    /// Forgets what was written, for example when the object is gone.
    public mutating func forget(_ key: Key) {
        written[key] = nil
        if written.isEmpty { written = [:] }  // else the table would stay as large as it ever was
    }
}

/// Where an object is.
struct ObjectAddress: Sendable, Hashable {
    var resource: Resource
    var key: ObjectKey
}
