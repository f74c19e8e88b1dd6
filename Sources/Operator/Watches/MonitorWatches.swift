import Kube
import KubeRuntime
import Logging
import Planning
import PrometheusConfig
import TributaryAPI

/// Watches what agents select: monitors, where their kinds are installed, and what these need: the labels of namespaces,
/// and each Secret or ConfigMap that some monitor refers to.
///
/// Watches start when the first agent needs them and end with the last one, so that an operator without such agents
/// watches none of it.
final class MonitorWatches: Sendable {
    private struct Entry: Sendable {
        var task: Task<Void, Never>
        var isSynced: @Sendable () -> Bool
        /// Drops what the watch knew; returns whom that concerns.
        var forget: @Sendable () -> [PlanKey]
    }

    private struct State: Sendable {
        var entries: [WatchScope: Entry] = [:]
        var monitors: [WatchScope: Store<ObservedMonitor>] = [:]
        /// What each agent's monitors refer to, by its newest plan.
        var sources: [ObjectKey: Set<CredentialSource>] = [:]
        var installed: Set<MonitorKind> = []
        var failures: [WatchScope: String] = [:]
        var isStopped = false
    }

    private let world: World
    private let onlyNamespace: String?
    private let source: @Sendable (WatchScope) -> ListWatch
    private let logger: Logger
    private let watchHealth: WatchHealth
    /// Told the custom resources that a change concerns.
    private let enqueue: @Sendable ([PlanKey], _ isInitial: Bool) -> Void
    private let state = Locked(State())
    /// Held while a monitor is taken in: one watch may end while another begins to tell of it.
    private let changing = Locked(())
    /// Held while the watches are brought up to date.
    private let updating = Locked(())

    init(
        world: World, namespace: String?, source: @escaping @Sendable (WatchScope) -> ListWatch, logger: Logger,
        watchHealth: WatchHealth,
        enqueue: @escaping @Sendable ([PlanKey], _ isInitial: Bool) -> Void
    ) {
        self.world = world
        onlyNamespace = namespace
        self.source = source
        self.logger = logger
        self.watchHealth = watchHealth
        self.enqueue = enqueue
    }

    // MARK: - What planning asks

    /// Whether all that an agent's plan depends on is known, but for credentials that no plan has asked for yet.
    func isSynced(for agent: ObjectKey, in snapshot: borrowing Snapshot) -> Bool {
        guard let agent = snapshot.agents[agent] else { return true }
        return state.withLock { state in
            let wanted = wanted(state)
            return wanted.scopes(of: agent).allSatisfy { scope in
                let entry = state.entries[scope] ?? WantedWatches.widened(scope).flatMap { state.entries[$0] }
                return entry?.isSynced() ?? false
            }
        }
    }

    /// Why what an agent's plan depends on does not come to be known; nil where nothing fails.
    func failure(for agent: ObjectKey) -> String? {
        world.read { snapshot in
            guard let agent = snapshot.agents[agent] else { return nil }
            return state.withLock { state in
                let failures = state.failures
                return wanted(state).scopes(of: agent).compactMap { scope in
                    failures[scope] ?? WantedWatches.widened(scope).flatMap { failures[$0] }
                }.min()
            }
        }
    }

    /// Takes in what an agent's monitors refer to, and watches that.
    func need(_ sources: Set<CredentialSource>, of agent: ObjectKey) {
        let isNew = state.withLock { state in
            guard state.sources[agent] ?? [] != sources else { return false }
            state.sources[agent] = sources.isEmpty ? nil : sources
            return true
        }
        if isNew { update() }
    }

    // MARK: - Watches

    /// Starts the watches that agents need now, and ends those that they no longer need.
    func update() {
        let ended = updating.withLock { _ in
            world.read { snapshot in
                let agents = Array(snapshot.agents.values)
                return state.withLock { state -> [(WatchScope, Entry)] in
                    guard !state.isStopped else { return [] }
                    let keys = Set(agents.map(\.metadata.key))
                    for agent in state.sources.keys where !keys.contains(agent) { state.sources[agent] = nil }
                    let needed = wanted(state).scopes(of: agents)
                    for scope in needed where state.entries[scope] == nil { start(scope, &state) }
                    return state.entries.keys.filter { !needed.contains($0) }.compactMap { scope in
                        state.monitors[scope] = nil
                        state.failures[scope] = nil
                        return state.entries.removeValue(forKey: scope).map { (scope, $0) }
                    }
                }
            }
        }
        for (scope, entry) in ended {
            entry.task.cancel()
            enqueue(entry.forget(), false)
            watchHealth.forget(scope)
        }
    }

    /// Ends all watches.
    func stop() async {
        let entries = state.withLock { state in
            state.isStopped = true
            defer {
                state.entries = [:]
                state.monitors = [:]
            }
            return Array(state.entries.values)
        }
        for entry in entries { entry.task.cancel() }
        for entry in entries { await entry.task.value }
    }

    private func wanted(_ state: State) -> WantedWatches {
        let (installed, sources) = (state.installed, state.sources)
        return WantedWatches(
            onlyNamespace: onlyNamespace,
            isInstalled: { [onlyNamespace] in onlyNamespace != nil || installed.contains($0) },
            sources: { sources[$0] ?? [] })
    }

    private func start(_ scope: WatchScope, _ state: inout State) {
        if let kind = MonitorKind.allCases.first(where: { $0.resource == scope.resource }) {
            let store = Store<ObservedMonitor>()
            state.monitors[scope] = store
            state.entries[scope] = monitors(kind, scope, store)
        } else if scope.resource == .customResourceDefinitions {
            guard let kind = MonitorKind.allCases.first(where: { WantedWatches.definition(of: $0) == scope }) else {
                return
            }
            state.entries[scope] = definition(of: kind, scope)
        } else if scope.resource == .namespaces {
            state.entries[scope] = namespaces(scope)
        } else if let source = credentialSource(scope) {
            state.entries[scope] = credentials(source, scope)
        }
    }

    /// A watch that runs from now on; `onSynced` is called once its first list is complete.
    private func run<Value>(
        _ scope: WatchScope, _ store: Store<Value>, served: ListWatch? = nil,
        isExpected: @escaping @Sendable () -> Bool = { false },
        transform: @escaping @Sendable (Object) -> Value?,
        onSynced: @escaping @Sendable () -> [PlanKey], forget: @escaping @Sendable () -> [PlanKey]
    ) -> Entry {
        let watcher = Watcher(
            scope, into: store, source: served ?? source(scope), logger: logger,
            onState: { [weak self] in self?.set($0, of: scope, isExpected: isExpected()) }, transform: transform)
        let task = Task { await watcher.run(filling: store) { self.enqueue(onSynced(), true) } }
        return Entry(task: task, isSynced: { store.isSynced }, forget: forget)
    }

    /// A kind that is not installed is no watch that fails.
    private func set(_ watching: WatcherState, of scope: WatchScope, isExpected: Bool) {
        var reason: String?
        if case .failing(let text) = watching, !isExpected { reason = text }
        let isNew = state.withLock { state in
            guard state.entries[scope] != nil else { return false }
            defer { state.failures[scope] = reason }
            return reason != nil && state.failures[scope] == nil
        }
        if reason != nil || watching == .watching { watchHealth.set(watching, of: scope) }
        if isNew { enqueue(allAgents, true) }
    }

    private var allAgents: [PlanKey] { world.read { $0.agents.keys.map(PlanKey.agent) } }

    // MARK: - Monitors

    private func monitors(_ kind: MonitorKind, _ scope: WatchScope, _ store: Store<ObservedMonitor>) -> Entry {
        store.onChange { [weak self] change in
            guard let self else { return }
            let keys = changing.withLock { _ in
                world.set(monitor(kind, change.key), was: change.old, kind, for: change.key)
            }
            enqueue(keys, change.isInitial)
        }
        let served = ServedSource(source(scope)) { [weak self] isServed in
            guard let self else { return }
            world.set(isServed: isServed, kind)
            enqueue(allAgents, true)
        }
        return run(
            scope, store, served: served.listWatch, isExpected: { served.isMissing }, transform: ObservedMonitor.init,
            onSynced: { [weak self] in self?.allAgents ?? [] },
            forget: { [weak self] in
                guard let self else { return [] }
                return changing.withLock { _ in
                    world.forget(store.all.filter { monitor(kind, $0.key) == nil }, kind)
                }
            })
    }

    /// What all watches together know of a monitor.
    private func monitor(_ kind: MonitorKind, _ key: ObjectKey) -> ObservedMonitor? {
        state.withLock { state in
            for (scope, store) in state.monitors where scope.resource == kind.resource {
                if let monitor = store[key] { return monitor }
            }
            return nil
        }
    }

    private func definition(of kind: MonitorKind, _ scope: WatchScope) -> Entry {
        let store = Store<Bool>()
        store.onChange { [weak self] change in self?.set(isInstalled: change.new != nil, kind) }
        return run(
            scope, store, transform: { _ in true },
            onSynced: { [weak self] in
                guard let self else { return [] }
                set(isInstalled: !store.keys.isEmpty, kind)
                return allAgents
            }, forget: { [] })
    }

    private func set(isInstalled: Bool, _ kind: MonitorKind) {
        state.withLock { state in
            if isInstalled { state.installed.insert(kind) } else { state.installed.remove(kind) }
        }
        world.set(isServed: isInstalled, kind)
        update()
        enqueue(allAgents, false)
    }

    // MARK: - What monitors need

    private func namespaces(_ scope: WatchScope) -> Entry {
        let store = Store<[String: String]>()
        store.onChange { [weak self] change in
            guard let self else { return }
            enqueue(world.set(labels: change.new, ofNamespace: change.key.name), change.isInitial)
        }
        return run(
            scope, store, transform: { $0.labels }, onSynced: { [weak self] in self?.allAgents ?? [] },
            forget: { [weak self] in
                for key in store.keys { _ = self?.world.set(labels: nil, ofNamespace: key.name) }
                return self?.allAgents ?? []
            })
    }

    private func credentialSource(_ scope: WatchScope) -> CredentialSource? {
        let name = scope.fieldSelector?.split(separator: "=").last.map(String.init) ?? ""
        let key = ObjectKey(namespace: scope.namespace ?? "", name: name)
        return [CredentialSource(.secret, key), CredentialSource(.configMap, key)].first {
            $0.resource == scope.resource
        }
    }

    private func credentials(_ source: CredentialSource, _ scope: WatchScope) -> Entry {
        let store = Store<CredentialContent>()
        store.onChange { [weak self] change in
            guard let self else { return }
            world.set(change.new, for: source)
            enqueue(users(of: source), change.isInitial)
        }
        return run(
            scope, store, transform: CredentialContent.init,
            onSynced: { [weak self] in
                guard let self else { return [] }
                if store[source.key] == nil { world.set(nil, for: source) }
                return users(of: source)
            },
            forget: { [weak self] in
                self?.world.forget(source)
                return []
            })
    }

    private func users(of source: CredentialSource) -> [PlanKey] {
        state.withLock { state in state.sources.filter { $0.value.contains(source) }.map { PlanKey.agent($0.key) } }
    }
}
