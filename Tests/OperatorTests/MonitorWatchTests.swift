import Kube
import KubeClient
import KubeRuntime
import Planning
import PlanningInput
import PrometheusConfig
import Testing
import TributaryAPI

@testable import Operator

/// Which watches an operator has because of agents that select monitors.
@Suite("Watches of monitors") struct WantedWatchesTests {
    private static func agent(_ spec: JSON) throws -> PrometheusAgent {
        var spec = spec
        spec["tenantRef"] = ["name": "t"]
        return try PrometheusAgent(
            Object(PrometheusAgent.resource, namespace: "team", name: "cluster", ["spec": spec]))
    }

    private static func scopes(
        _ specs: JSON..., only: [String] = [], installed: Set<MonitorKind> = Set(MonitorKind.allCases),
        sources: Set<CredentialSource> = []
    ) throws -> [String] {
        let agent = PlanKey.agent(ObjectKey(namespace: "team", name: "cluster"))
        let wanted = WantedWatches(watched: WatchedNamespaces(only), installed: installed, sources: [agent: sources])
        return wanted.scopes(of: try specs.map { (agent, try self.agent($0)) }).map { $0.watch(of: .standard) }.map {
            scope in
            [scope.resource.plural, scope.namespace, scope.fieldSelector].compactMap { $0 }.joined(separator: " ")
        }.sorted()
    }

    private static let definition = "customresourcedefinitions metadata.name=probes.monitoring.coreos.com"

    @Test func `Nothing is watched if no agent selects monitors`() throws {
        #expect(try Self.scopes([:], ["probeNamespaceSelector": [:]]) == [])
        #expect(try Self.scopes(["probeSelector": [:], "paused": true]) == [])
    }

    @Test func `Only the definition of a kind is watched until the kind is installed`() throws {
        #expect(try Self.scopes(["probeSelector": [:]], installed: []) == [Self.definition])
    }

    @Test func `Only the agent's own namespace is watched unless it selects others`() throws {
        #expect(try Self.scopes(["probeSelector": [:]]) == [Self.definition, "probes team"])
        #expect(try Self.scopes(["probeSelector": [:], "probeNamespaceSelector": [:]]) == [Self.definition, "probes"])
        #expect(
            try Self.scopes(["probeSelector": [:], "probeNamespaceSelector": ["matchLabels": ["a": "b"]]])
                == [Self.definition, "namespaces", "probes"])
        #expect(
            try Self.scopes(["probeSelector": [:]], ["probeSelector": [:], "probeNamespaceSelector": [:]])
                == [Self.definition, "probes"], "one watch of all has what the other would have")
    }

    @Test func `An operator for one namespace watches no other namespace`() throws {
        let far = CredentialSource(.secret, ObjectKey(namespace: "far", name: "a"))
        let near = CredentialSource(.configMap, ObjectKey(namespace: "team", name: "a"))
        #expect(
            try Self.scopes(
                ["probeSelector": [:], "probeNamespaceSelector": ["matchLabels": ["a": "b"]]], only: ["team"],
                sources: [far, near]) == ["configmaps team metadata.name=a", "probes team"])
    }

    @Test func `An operator for some namespaces watches monitors in each of them`() throws {
        #expect(
            try Self.scopes(["probeSelector": [:], "probeNamespaceSelector": [:]], only: ["team", "shop"])
                == ["probes shop", "probes team"])
        #expect(try Self.scopes(["probeSelector": [:]], only: ["team", "shop"]) == ["probes team"])
    }

    @Test func `Only Secrets that monitors refer to are watched, each by its name`() throws {
        let source = CredentialSource(.secret, ObjectKey(namespace: "far", name: "a"))
        #expect(try Self.scopes([:], sources: [source]) == ["secrets far metadata.name=a"])
    }
}

/// A kind that may not be installed.
@Suite("A kind that may not be installed") struct ServedSourceTests {
    private final class Script: Sendable {
        let answers = Locked<[Bool]>([])
        let changes = Locked<[Bool]>([])

        func source() -> ServedSource {
            let inner = ListWatch(
                list: { _ in
                    let isServed = self.answers.withLock { $0.isEmpty ? true : $0.removeFirst() }
                    guard isServed else { throw APIStatus.notFound(MonitorKind.probe.resource, "") }
                    return ObjectList(items: [Object(["metadata": ["name": "a"]])], resourceVersion: "1")
                }, watch: { _ in throw APIStatus.notFound(MonitorKind.probe.resource, "") })
            return ServedSource(inner) { isServed in self.changes.withLock { $0.append(isServed) } }
        }
    }

    @Test func `A kind that is not served counts as empty after several answers, and is noticed when it is installed`()
        async throws
    {
        let script = Script()
        script.answers.withLock { $0 = [false, false, false, false, true] }
        let source = script.source()
        let calls = source.listWatch
        for _ in 0..<2 { await #expect(throws: APIStatus.self) { _ = try await calls.list(ListQuery()) } }
        #expect(script.changes.withLock { $0 } == [])
        #expect(source.isMissing, "which is no failure, believed or not")
        for _ in 0..<2 { #expect(try await calls.list(ListQuery()).items == []) }
        #expect(source.isMissing)
        #expect(try await calls.list(ListQuery()).items.count == 1)
        #expect(!source.isMissing)
        #expect(script.changes.withLock { $0 } == [false, true])
    }

    @Test func `A kind does not count as removed after a single answer`() async throws {
        let script = Script()
        script.answers.withLock { $0 = [true, false, true, false, true] }
        let source = script.source()
        let calls = source.listWatch
        for isServed in [true, false, true, false, true] {
            if isServed {
                _ = try await calls.list(ListQuery())
            } else {
                await #expect(throws: APIStatus.self) { _ = try await calls.list(ListQuery()) }
            }
        }
        #expect(script.changes.withLock { $0 } == [true])
    }
}
