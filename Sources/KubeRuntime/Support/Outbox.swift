import DequeModule

/// Items to hand over outside of a lock: in order and one at a time, whichever threads add them.
///
/// Keep it behind a lock. A thread takes an item with ``begin()``, releases the lock, hands the item over, and calls
/// ``end()`` under the lock again. Threads that come meanwhile leave their items to that thread.
struct Outbox<Item> {
    private var items = Deque<Item>()
    private var isBusy = false

    /// Adds an item behind the others.
    mutating func append(_ item: Item) { items.append(item) }

    /// The next item to hand over; nil if there is none, or if a thread is handing one over now.
    mutating func begin() -> Item? {
        guard !isBusy, let item = items.popFirst() else { return nil }
        isBusy = true
        return item
    }

    /// Ends what ``begin()`` began.
    mutating func end() { isBusy = false }
}
