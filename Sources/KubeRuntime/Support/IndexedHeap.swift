/// A priority queue that also finds its elements by key: the least rank comes first, and a key can be moved or removed in
/// logarithmic time.
struct IndexedHeap<Key: Hashable, Rank: Comparable> {
    private var nodes: [(key: Key, rank: Rank)] = []
    private var positions: [Key: Int] = [:]

    var isEmpty: Bool { nodes.isEmpty }
    var count: Int { nodes.count }
    /// The element with the least rank.
    var first: (key: Key, rank: Rank)? { nodes.first }

    /// The rank of a key; setting it inserts or moves the key, setting nil removes it.
    subscript(key: Key) -> Rank? {
        get { positions[key].map { nodes[$0].rank } }
        set {
            switch (positions[key], newValue) {
            case (let position?, let rank?):
                nodes[position].rank = rank
                restore(position)
            case (let position?, nil):
                remove(at: position)
            case (nil, let rank?):
                nodes.append((key, rank))
                positions[key] = nodes.count - 1
                restore(nodes.count - 1)
            case (nil, nil): break
            }
        }
    }

    /// Removes the element with the least rank.
    mutating func popFirst() -> (key: Key, rank: Rank)? {
        guard let first = nodes.first else { return nil }
        remove(at: 0)
        return first
    }

    /// Removes everything.
    mutating func removeAll() {
        nodes = []
        positions = [:]
    }

    private mutating func remove(at position: Int) {
        swap(position, nodes.count - 1)
        positions[nodes.removeLast().key] = nil
        if position < nodes.count { restore(position) }
    }

    private mutating func restore(_ start: Int) {
        var position = start
        while position > 0, nodes[position].rank < nodes[(position - 1) / 2].rank {
            swap(position, (position - 1) / 2)
            position = (position - 1) / 2
        }
        while true {
            var least = position
            for child in [2 * position + 1, 2 * position + 2]
            where child < nodes.count && nodes[child].rank < nodes[least].rank {
                least = child
            }
            guard least != position else { return }
            swap(position, least)
            position = least
        }
    }

    private mutating func swap(_ left: Int, _ right: Int) {
        guard left != right else { return }
        nodes.swapAt(left, right)
        positions[nodes[left].key] = left
        positions[nodes[right].key] = right
    }
}
