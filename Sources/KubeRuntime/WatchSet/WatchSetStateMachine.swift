import Kube

/// The rules of a set of watches without tasks or locks: which watches start and end, what each of them has shown, and
/// which of them have shown everything.
///
/// Each watch has a number, which tells it apart from an earlier watch of the same scope: events of an ended watch are
/// ignored.
struct WatchSetStateMachine<Scope: Hashable & Sendable, Value: Sendable & Equatable> {
    typealias Event = WatchSetEvent<Scope, Value>

    /// A watch that has started.
    struct Started: Hashable {
        var scope: Scope
        var number: Int
    }

    private struct Entry {
        var number: Int
        var table = ObjectTable<Value>()
        /// Whether the first list came.
        var isListed = false
    }

    private var entries: [Scope: Entry] = [:]
    private var newest = 0
    private var isStopped = false
    private(set) var complete = CompleteScopes<Scope>()

    /// Whether a watch has not ended.
    func isRunning(_ watch: Started) -> Bool { entries[watch.scope]?.number == watch.number }

    /// Keeps exactly these scopes watched; returns the watches to start, those to end, and the events.
    mutating func keep(_ scopes: Set<Scope>) -> (start: [Started], end: [Started], events: [Event]) {
        guard !isStopped else { return ([], [], []) }
        var (start, end, events): ([Started], [Started], [Event]) = ([], [], [])
        for (scope, entry) in entries where !scopes.contains(scope) {
            entries[scope] = nil
            end.append(Started(scope: scope, number: entry.number))
            complete.end(scope)
            events += entry.table.values.map { key, value in
                .changed(scope, Store.Change(key: key, old: value, new: nil, isInitial: false))
            }
            events.append(.ended(scope))
        }
        for scope in scopes where entries[scope] == nil {
            newest += 1
            entries[scope] = Entry(number: newest)
            start.append(Started(scope: scope, number: newest))
        }
        return (start, end, events)
    }

    /// Takes in what a watch shows; returns the events.
    mutating func take(_ event: WatcherEvent<Value>, of watch: Started) -> [Event] {
        guard isRunning(watch), let wasListed = entries[watch.scope]?.isListed else { return [] }
        let changes = entries[watch.scope]?.table.apply(event, isSame: ==) ?? []
        var events: [Event] = changes.map { change in
            .changed(
                watch.scope, Store.Change(key: change.key, old: change.old, new: change.new, isInitial: !wasListed))
        }
        if case .restarted = event, !wasListed {
            entries[watch.scope]?.isListed = true
            events.append(.complete(watch.scope))
        }
        return events
    }

    /// Takes in that all events of a watch's first list have been handed over.
    mutating func toldAll(of watch: Started) {
        if isRunning(watch) { complete.insert(watch.scope) }
    }

    /// Ends all watches for good.
    mutating func stop() {
        isStopped = true
        for scope in entries.keys { complete.end(scope) }
        entries = [:]
    }

    /// What any of the watches knows of an object.
    func value(of key: ObjectKey) -> Value? {
        for entry in entries.values {
            if let value = entry.table[key] { return value }
        }
        return nil
    }

    /// What the watch of a scope knows of an object.
    func value(of key: ObjectKey, in scope: Scope) -> Value? { entries[scope]?.table[key] }

    /// What the watches know together, each object once.
    var values: [Value] {
        let tables = entries.values.map(\.table.values).filter { !$0.isEmpty }
        guard tables.count > 1 else { return tables.first.map { Array($0.values) } ?? [] }
        return Array(tables.reduce(into: [:]) { all, table in all.merge(table) { first, _ in first } }.values)
    }
}
