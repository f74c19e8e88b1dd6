import Kube
import KubeRuntime
import Logging
import Planning
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// Watches what agents, tenants and global views select: monitors and rules, where their kinds are installed, and what these
/// need: the labels of namespaces, and each Secret or ConfigMap that some monitor refers to, that a tenant names as its
/// credential, or that a gateway mounts.
///
/// Watches start when the first agent needs them and end with the last one, so that an operator without such agents
/// watches none of it.
final class MonitorWatches: Sendable {
    /// What was complete at one moment.
    struct Complete: Sendable {
        fileprivate var wanted: WantedWatches
        fileprivate var scopes: CompleteScopes<MonitorScope>

        /// Whether all that an agent's plan depends on is known, except credentials that no plan has asked for yet.
        func hasAll(for key: PlanKey, in snapshot: borrowing Snapshot) -> Bool {
            guard let agent = snapshot.scraper(key) else { return true }
            return wanted.scopes(of: agent, key).allSatisfy { scope in
                scopes.contains(scope) || scope.widened.map(scopes.contains) ?? false
            }
        }

        /// Whether all PrometheusRules are known that a global view or tenant selects.
        fileprivate func hasAll(_ selection: RuleSelection) -> Bool {
            wanted.scopes(of: selection).allSatisfy { scope in
                scopes.contains(scope) || scope.widened.map(scopes.contains) ?? false
            }
        }

        /// Whether no watch has ended since an earlier moment.
        func includes(_ earlier: Complete) -> Bool { scopes.includes(earlier.scopes) }
    }

    private typealias Watches<Value: Sendable & Equatable> = WatchSet<MonitorScope, Value>

    private struct State: Sendable {
        var installed: Set<MonitorKind> = []
        var failures: [MonitorScope: String] = [:]
    }

    private let world: World
    private let watched: WatchedNamespaces
    private let shard: NamespaceShard
    private let group: MonitorGroup
    private let watchHealth: WatchHealth
    /// Takes the custom resources that a change concerns.
    private let enqueue: @Sendable ([PlanKey], _ isInitial: Bool) -> Void
    private let state = Locked(State())
    private let updating = CoalescedAction()

    private let definitions: Watches<Bool>
    private let namespaces: Watches<[String: String]>
    private let monitors: [MonitorKind: Watches<ObservedMonitor>]
    private let credentials: Watches<CredentialContent>

    init(
        world: World, watched: WatchedNamespaces, shard: NamespaceShard = .all, group: MonitorGroup = .standard,
        source: @escaping @Sendable (WatchScope) -> ListWatch, logger: Logger, watchHealth: WatchHealth,
        enqueue: @escaping @Sendable ([PlanKey], _ isInitial: Bool) -> Void
    ) {
        self.world = world
        self.watched = watched
        self.shard = shard
        self.group = group
        self.watchHealth = watchHealth
        self.enqueue = enqueue
        func watches<Value>(_ transform: @escaping @Sendable (Object) -> Value?) -> Watches<Value> {
            Watches(logger: logger) { scope in
                let watch = scope.watch(of: group)
                return Watches.Watch(watch, source: source(watch), transform: transform)
            }
        }
        definitions = watches { _ in true }
        namespaces = watches { $0.labels }
        credentials = watches { CredentialContent($0) }
        let monitors = MonitorKind.allCases.map { kind in
            let watches = Watches<ObservedMonitor>(logger: logger) { scope in
                let watch = scope.watch(of: group)
                let served = ServedSource(source(watch)) { isServed in
                    world.take(.monitorKind(kind, isServed: isServed))
                    enqueue(world.allSelecting, true)
                }
                return Watches.Watch(
                    watch, source: served.listWatch,
                    transform: { group.standardized($0).flatMap { ObservedMonitor($0) } },
                    tells: { state in
                        // A kind that is not installed is not a watch that fails.
                        if case .failing = state { !served.isMissing } else { true }
                    })
            }
            return (kind, watches)
        }
        self.monitors = Dictionary(uniqueKeysWithValues: monitors)
        follow()
    }

    // MARK: - What planning asks

    /// What is complete now.
    var complete: Complete {
        let others = [definitions.complete, namespaces.complete, credentials.complete]
        let scopes = CompleteScopes(others + MonitorKind.allCases.compactMap { monitors[$0]?.complete })
        return Complete(wanted: wanted, scopes: scopes)
    }

    /// Why a watch that an agent's plan depends on fails; nil if none fails.
    func failure(for key: PlanKey) -> String? {
        guard let agent = world.read({ $0.scraper(key) }) else { return nil }
        let failures = state.withLock { $0.failures }
        return wanted.scopes(of: agent, key).compactMap { scope in
            failures[scope] ?? scope.widened.flatMap { failures[$0] }
        }.min()
    }

    /// Why a watch of one of some Secrets and ConfigMaps fails; nil if none fails.
    func failure(of sources: Set<CredentialSource>) -> String? {
        let failures = state.withLock { $0.failures }
        return sources.compactMap { failures[.credentials($0)] }.min()
    }

    /// Takes in what an agent's monitors refer to, and watches that.
    func need(_ sources: Set<CredentialSource>, of key: PlanKey) {
        if world.note(sources, readBy: key) { update() }
    }

    /// What is known of the PrometheusRules that a global view or tenant selects.
    func knowledge(of key: PlanKey) -> ObservedRules {
        guard let selection = world.read({ $0.ruleSelections[key] }) else { return ObservedRules(key: key) }
        let complete = complete
        let failures = state.withLock { $0.failures }
        let failure = wanted.scopes(of: selection).compactMap { scope in
            failures[scope] ?? scope.widened.flatMap { failures[$0] }
        }.min()
        let knowledge: RuleKnowledge = complete.hasAll(selection) && failure == nil ? .known : .unknown(failure)
        return ObservedRules(key: key, selection: selection, knowledge: knowledge, complete: complete)
    }

    /// Whether no watch has ended since something was known.
    func stillHolds(_ rules: ObservedRules) -> Bool { rules.complete.map { complete.includes($0) } ?? true }

    // MARK: - Watches

    /// Starts the watches that agents need now, and ends those that they no longer need.
    func update() {
        updating.run {
            let (scrapers, rules) = world.read { ($0.scrapers, $0.ruleSelections) }
            let needed = wanted.scopes(
                of: scrapers.filter { shard.has($0.key) }, and: rules.filter { shard.has($0.key) }.values)
            definitions.keep(needed.filter { if case .definition = $0 { true } else { false } })
            namespaces.keep(needed.filter { $0 == .namespaces })
            credentials.keep(needed.filter { if case .credentials = $0 { true } else { false } })
            for (kind, watches) in monitors {
                watches.keep(needed.filter { if case .monitors(kind, _) = $0 { true } else { false } })
            }
        }
    }

    /// Ends all watches.
    func stop() async {
        await definitions.stop()
        await namespaces.stop()
        await credentials.stop()
        for watches in monitors.values { await watches.stop() }
    }

    private var wanted: WantedWatches {
        let installed = state.withLock { $0.installed }
        let (sources, named) = world.read { ($0.credentialSources, $0.namedCredentials.union($0.storageSecrets)) }
        return WantedWatches(watched: watched, installed: installed, sources: sources, named: named)
    }

    // MARK: - Taking in what the watches show

    private func follow() {
        follow(definitions) { watches, scope, change in
            if case .definition(let kind) = scope { watches.set(isInstalled: change.new != nil, kind) }
            return []
        } onComplete: { watches, scope in
            guard case .definition(let kind) = scope else { return [] }
            let name = ObjectKey(namespace: "", name: "\(watches.group.resource(of: kind))")
            watches.set(isInstalled: watches.definitions[name, in: scope] != nil, kind)
            return []
        }
        follow(namespaces) { watches, _, change in
            watches.world.take(.namespace(change.key.name, labels: change.new))
        }
        follow(credentials) { watches, scope, change in
            guard case .credentials(let source) = scope else { return [] }
            return watches.world.take(.credential(source, change.new))
        } onComplete: { watches, scope in
            guard case .credentials(let source) = scope else { return [] }
            if watches.credentials[source.key, in: scope] == nil {
                return watches.world.take(.credential(source, nil))
            }
            return watches.world.read { Array($0.keys(reading: source)) }
        } onEnd: { watches, scope in
            if case .credentials(let source) = scope { watches.world.take(.unwatchedCredential(source)) }
        }
        for (kind, watches) in monitors {
            follow(watches) { [weak watches] owner, _, change in
                // A watch of one namespace may end while one of all namespaces starts.
                owner.world.take(.monitor(kind, change.key, watches?[change.key]))
            }
        }
    }

    private func follow<Value>(
        _ watches: Watches<Value>,
        take: @escaping @Sendable (MonitorWatches, MonitorScope, Store<Value>.Change) -> [PlanKey],
        onComplete: @escaping @Sendable (MonitorWatches, MonitorScope) -> [PlanKey] = { watches, _ in
            watches.world.allSelecting
        },
        onEnd: @escaping @Sendable (MonitorWatches, MonitorScope) -> Void = { _, _ in }
    ) {
        watches.onEvent { [weak self] event in
            guard let self else { return }
            switch event {
            case .changed(let scope, let change): enqueue(take(self, scope, change), change.isInitial)
            case .complete(let scope):
                enqueue(onComplete(self, scope), true)
            case .state(let scope, let state): note(state, of: scope)
            case .ended(let scope):
                onEnd(self, scope)
                state.withLock { $0.failures[scope] = nil }
                watchHealth.forget(scope.watch(of: group))
            }
        }
    }

    /// Enqueues the agents when a watch begins to fail, so that their statuses say so.
    private func note(_ watching: WatcherState, of scope: MonitorScope) {
        var reason: String?
        if case .failing(let text) = watching { reason = text }
        let isNew = state.withLock { state in
            defer { state.failures[scope] = reason }
            return reason != nil && state.failures[scope] == nil
        }
        if reason != nil || watching == .watching { watchHealth.set(watching, of: scope.watch(of: group)) }
        if isNew { enqueue(world.allSelecting, true) }
        if isNew, case .credentials(let source) = scope {
            enqueue(world.read { Array($0.keys(reading: source)) }, true)
        }
    }

    private func set(isInstalled: Bool, _ kind: MonitorKind) {
        state.withLock { state in
            if isInstalled { state.installed.insert(kind) } else { state.installed.remove(kind) }
        }
        world.take(.monitorKind(kind, isServed: isInstalled))
        update()
        enqueue(world.allSelecting, false)
    }
}

extension World {
    /// The keys of all agents, of the views whose central Prometheus selects monitors, and of the views and tenants that select
    /// rules.
    fileprivate var allSelecting: [PlanKey] {
        read {
            var keys = Set($0.ruleSelections.keys)
            for (key, agent) in $0.scrapers {
                if case .globalView = key, agent.monitorKinds.isEmpty, agent.spec.additionalScrapeConfigs == nil {
                    continue
                }
                keys.insert(key)
            }
            return Array(keys)
        }
    }
}
