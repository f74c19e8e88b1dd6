import Kube

/// Reads one's own writes: the answer to a write counts until a watch shows it or something newer.
///
/// A watch shows a write some milliseconds before or after the answer. A program that relied on the watch alone would write
/// again, undo what it has just written, or take its own write for somebody else's. An answer is forgotten as soon as the
/// watch has caught up.
public struct OwnWrites<Key: Hashable & Sendable, Value: Versioned>: Sendable {
    /// What a watch showed while a write was under way.
    private struct Shown: Sendable {
        var version: ObjectVersion
        var value: Value?
        /// What to do if it was another write.
        var concerns: @Sendable () -> Void
    }

    private var written: [Key: Boxed<Value>] = [:]
    /// The writes that have no answer yet.
    private var underway: [Key: [Shown]] = [:]

    /// Nothing was written yet.
    public init() {}

    /// A write begins, which ``wrote(_:for:)`` or ``failed(_:)`` ends.
    public mutating func writes(_ key: Key) { underway[key] = underway[key] ?? [] }

    /// What a watch has shown of a version while a write is under way.
    public func shown(_ version: ObjectVersion, for key: Key) -> Value? {
        guard version.resourceVersion != nil else { return nil }
        return underway[key]?.first { $0.version == version }?.value
    }

    /// Takes in the answer to a write; returns what to do about others that were shown meanwhile, without a lock.
    @discardableResult
    public mutating func wrote(_ answer: Value, for key: Key) -> [@Sendable () -> Void] {
        written[key] = Boxed(answer)
        let shown = underway.removeValue(forKey: key) ?? []
        return shown.filter { !isLast($0.version, for: key) }.map(\.concerns)
    }

    /// A write failed; returns what to do about others that were shown meanwhile, without a lock.
    public mutating func failed(_ key: Key) -> [@Sendable () -> Void] {
        (underway.removeValue(forKey: key) ?? []).map(\.concerns)
    }

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

    /// Whether a watch shows what was written last. While a write is under way, only its answer will tell: this returns true
    /// then, and `concerns` is called later if it was another write.
    public mutating func isOwn(
        _ shown: ObjectVersion, _ value: Value? = nil, for key: Key, otherwise concerns: @escaping @Sendable () -> Void
    ) -> Bool {
        if isLast(shown, for: key) { return true }
        return underway[key]?.append(Shown(version: shown, value: value, concerns: concerns)) != nil
    }

    /// Whether a version is the one that was written last, which is forgotten then.
    private mutating func isLast(_ shown: ObjectVersion, for key: Key) -> Bool {
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
