import Kube

/// The objects of one collection in the order of their keys.
///
/// This is a B-tree of two levels: an array of short sorted arrays. A change copies one of them and shares the others
/// with every copy, so that the state at an older revision costs little to keep.
struct OrderedObjects: Sendable {
    private typealias Pair = (key: ObjectKey, object: StoredObject)
    private static let chunkLimit = 128

    private var chunks: [[Pair]] = []
    /// The object with a key. Setting nil removes it.
    subscript(key: ObjectKey) -> StoredObject? {
        get {
            let (chunk, offset, found) = locate(key)
            return found ? chunks[chunk][offset].object : nil
        }
        set {
            let (chunk, offset, found) = locate(key)
            switch (newValue, found) {
            case (let object?, true): chunks[chunk][offset].object = object
            case (let object?, false): insert((key, object), chunk, offset)
            case (nil, true): remove(chunk, offset)
            case (nil, false): break
            }
        }
    }

    /// Calls `body` with each object of one namespace or of all, in the order of their keys, until it returns false.
    ///
    /// With `start`, objects with lower keys are left out.
    func forEach(
        in namespace: String?, from start: ObjectKey? = nil, _ body: (ObjectKey, StoredObject) -> Bool
    ) {
        var (chunk, offset, _) = locate(start ?? ObjectKey(namespace: namespace ?? "", name: ""))
        while chunk < chunks.count {
            while offset < chunks[chunk].count {
                let pair = chunks[chunk][offset]
                if let namespace, pair.key.namespace != namespace { return }
                if !body(pair.key, pair.object) { return }
                offset += 1
            }
            chunk += 1
            offset = 0
        }
    }

    /// Where a key is, or where it would be inserted.
    private func locate(_ key: ObjectKey) -> (chunk: Int, offset: Int, found: Bool) {
        if chunks.isEmpty { return (0, 0, false) }
        // The key belongs to the last chunk that begins at or before it.
        let after = partition(chunks.count) { chunks[$0][0].key <= key }
        let chunk = max(after - 1, 0)
        let offset = partition(chunks[chunk].count) { chunks[chunk][$0].key < key }
        return (chunk, offset, offset < chunks[chunk].count && chunks[chunk][offset].key == key)
    }

    private mutating func insert(_ pair: Pair, _ chunk: Int, _ offset: Int) {
        if chunks.isEmpty {
            chunks.append([pair])
            return
        }
        chunks[chunk].insert(pair, at: offset)
        if chunks[chunk].count > Self.chunkLimit {
            let half = chunks[chunk].count / 2
            let rest = Array(chunks[chunk][half...])
            chunks[chunk].removeSubrange(half...)
            chunks.insert(rest, at: chunk + 1)
        }
    }

    private mutating func remove(_ chunk: Int, _ offset: Int) {
        chunks[chunk].remove(at: offset)
        if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
    }
}
