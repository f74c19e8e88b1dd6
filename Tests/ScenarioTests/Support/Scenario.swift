import Kube
import KubeClient
import LocalCluster
import Operator
import Planning
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

/// A namespace in a cluster, a stand-in that runs its workloads, and the operator.
final class Scenario: Sendable {
    let kind: ClusterKind
    let namespace: String
    /// An administrator's client.
    let client: KubeClient
    /// How the operator connects. With a real API server, it has the permissions of its manifests.
    let operatorCluster: ClusterConfiguration
    /// The local cluster; nil for a real API server.
    let local: LocalCluster?
    let workloads: WorkloadStandIn
    /// The files that were published for the global view `main`.
    let hashrings: HashringHistory
    private let operators = Locked<[RunningOperator]>([])

    private init(
        _ kind: ClusterKind, namespace: String, client: KubeClient, operatorCluster: ClusterConfiguration,
        local: LocalCluster?
    ) {
        self.kind = kind
        self.namespace = namespace
        self.client = client
        self.operatorCluster = operatorCluster
        self.local = local
        workloads = WorkloadStandIn(client, namespace: namespace)
        hashrings = HashringHistory(client, ObjectKey(namespace: namespace, name: "main-hashrings"))
    }

    // MARK: - Playing

    /// Plays a scenario in its own namespace.
    static func play(
        _ kind: ClusterKind, startsOperator: Bool = true, _ body: (Scenario) async throws -> Void
    ) async throws {
        await ConcurrencyLimit.scenarios.enter()
        let result: Result<Void, any Error>
        do {
            switch kind {
            case .local: try await playLocally(startsOperator, body)
            case .real:
                let running = try #require(SharedAPIServer.current.withLock { $0 })
                try await play(
                    kind, running.administrator, operatorCluster: running.serviceAccount, local: nil, startsOperator,
                    body)
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await ConcurrencyLimit.scenarios.leave()
        try result.get()
    }

    /// Plays a scenario on an API server of its own, which it may break.
    static func play(
        on kind: ClusterKind, startsOperator: Bool, _ body: (Scenario, RealAPIServer?) async throws -> Void
    ) async throws {
        guard kind == .real else {
            return try await play(kind, startsOperator: startsOperator) { try await body($0, nil) }
        }
        await ConcurrencyLimit.scenarios.enter()
        let result: Result<Void, any Error>
        do {
            let server = try await RealAPIServer()
            do {
                let running = try await SharedAPIServer.install(on: server)
                try await play(
                    kind, running.administrator, operatorCluster: running.serviceAccount, local: nil, startsOperator
                ) { try await body($0, server) }
            } catch {
                await server.stop()
                throw error
            }
            await server.stop()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await ConcurrencyLimit.scenarios.leave()
        try result.get()
    }

    private static func playLocally(
        _ startsOperator: Bool, _ body: (Scenario) async throws -> Void
    ) async throws {
        // With a fixed port, the cluster can stop and start again with the same address.
        let local = LocalCluster(options: LocalCluster.Options(port: try freePort(), controllers: false))
        try await local.start()
        do {
            let cluster = try ClusterConfiguration(server: local.url)
            try await play(.local, cluster, operatorCluster: cluster, local: local, startsOperator, body)
        } catch {
            await local.stop()
            throw error
        }
        await local.stop()
    }

    private static func play(
        _ kind: ClusterKind, _ cluster: ClusterConfiguration, operatorCluster: ClusterConfiguration,
        local: LocalCluster?, _ startsOperator: Bool, _ body: (Scenario) async throws -> Void
    ) async throws {
        let client = KubeClient(cluster, options: KubeClient.Options(userAgent: "scenario"), logger: quiet)
        let result: Result<Void, any Error>
        do {
            if local != nil {
                let definitions = TributaryAPI.customResourceDefinitions.map { Object($0) }
                try await Manifests.apply(definitions, client)
            }
            let namespace = try await client.create(.namespaces, Object(["metadata": ["generateName": "scenario-"]]))
            let scenario = Scenario(
                kind, namespace: namespace.name, client: client, operatorCluster: operatorCluster, local: local)
            result = await scenario.play(startsOperator, body)
        } catch {
            result = .failure(error)
        }
        await client.shutdown()
        try result.get()
    }

    private func play(_ startsOperator: Bool, _ body: (Scenario) async throws -> Void) async -> Result<Void, any Error>
    {
        let helpers = Task {
            async let working: Void = workloads.run()
            async let recording: Void = hashrings.run()
            _ = await (working, recording)
        }
        var failure: (any Error)?
        do {
            if startsOperator { startOperator() }
            try await body(self)
        } catch {
            let log = operators.withLock { $0.map(\.log.tail) }.joined(separator: "\n")
            let requests = requests(of: "tributary").suffix(40).joined(separator: "\n")
            failure = WaitingError(description: "\(error)\nthe operator's log:\n\(log)\nits requests:\n\(requests)")
        }
        do {
            for running in operators.withLock({ $0 }) {
                try await running.stop()
                #expect(running.refusals.isEmpty, "the permissions of the manifests are sufficient")
            }
        } catch {
            failure = failure ?? error
        }
        helpers.cancel()
        await helpers.value
        return failure.map { .failure($0) } ?? .success(())
    }

    // MARK: - Operators

    /// Starts an operator for this namespace in this process.
    @discardableResult
    func startOperator(
        userAgent: String = "tributary", as cluster: ClusterConfiguration? = nil,
        _ change: (inout OperatorConfiguration) -> Void = { _ in },
        limits: (inout KubeClient.Options) -> Void = { _ in }
    ) -> RunningOperator {
        var configuration = OperatorConfiguration()
        configuration.namespaces = WatchedNamespaces([namespace])
        configuration.identity = userAgent
        change(&configuration)
        let running = RunningOperator(
            cluster ?? operatorCluster, userAgent: userAgent, configuration, limits: limits)
        operators.withLock { $0.append(running) }
        return running
    }

    /// Stops an operator before the scenario ends.
    func stop(_ running: RunningOperator) async throws {
        operators.withLock { operators in operators.removeAll { $0 === running } }
        try await running.stop()
    }

    /// The operator that was started with the scenario.
    var tributary: RunningOperator {
        get throws { try #require(operators.withLock { $0.first }) }
    }
}
