import Kube

/// An object as it is stored.
struct Entry: Sendable {
    var object: Object
    /// The resource version at which the object came to be as it is.
    var revision: Int
    /// The object as JSON, so that each state is written once and then sent to everybody who asks.
    var bytes: [UInt8]

    /// An object's state at a revision; the revision is set in the object.
    init(_ object: Object, revision: Int) {
        var object = object
        object.json["metadata", "resourceVersion"] = .string(String(revision))
        self.object = object
        self.revision = revision
        bytes = object.json.encoded()
    }
}

/// The objects of one collection in the order of their keys.
///
/// A B-tree of two levels: an array of short sorted arrays. A change touches one of these and shares the others with
/// every copy, so that the state of an older revision costs little to keep.
struct OrderedEntries: Sendable {
    private typealias Pair = (key: ObjectKey, entry: Entry)
    private static let chunkLimit = 128

    private var chunks: [[Pair]] = []
    /// How many objects there are.
    private(set) var count = 0

    subscript(key: ObjectKey) -> Entry? {
        get {
            let (chunk, offset, found) = locate(key)
            return found ? chunks[chunk][offset].entry : nil
        }
        set {
            let (chunk, offset, found) = locate(key)
            switch (newValue, found) {
            case (let entry?, true): chunks[chunk][offset].entry = entry
            case (let entry?, false): insert((key, entry), chunk, offset)
            case (nil, true): remove(chunk, offset)
            case (nil, false): break
            }
        }
    }

    /// Calls `body` with each object from a key on, in order, until it returns false.
    func forEach(from start: ObjectKey, _ body: (ObjectKey, Entry) -> Bool) {
        var (chunk, offset, _) = locate(start)
        while chunk < chunks.count {
            while offset < chunks[chunk].count {
                let pair = chunks[chunk][offset]
                if !body(pair.key, pair.entry) { return }
                offset += 1
            }
            chunk += 1
            offset = 0
        }
    }

    /// Where a key is, or where it would have to go.
    private func locate(_ key: ObjectKey) -> (chunk: Int, offset: Int, found: Bool) {
        if chunks.isEmpty { return (0, 0, false) }
        // The last chunk that begins at or before the key.
        let after = Self.partition(chunks.count) { chunks[$0][0].key <= key }
        let chunk = max(after - 1, 0)
        let offset = Self.partition(chunks[chunk].count) { chunks[chunk][$0].key < key }
        return (chunk, offset, offset < chunks[chunk].count && chunks[chunk][offset].key == key)
    }

    /// How many of the first `count` numbers fulfil a condition that, once it fails, fails for all that follow.
    private static func partition(_ count: Int, _ holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func insert(_ pair: Pair, _ chunk: Int, _ offset: Int) {
        count += 1
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
        count -= 1
        chunks[chunk].remove(at: offset)
        if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
    }
}
