import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

/// A cluster with an operator, and the central Prometheus and the agents that the operator creates there, which run as
/// real processes and discover their targets in that cluster.
final class Pipeline {
    let scenario: Scenario
    let installed: InstalledPrometheus
    let targets: TargetPods
    private let story: Story
    private var network: LoopbackNetwork
    private var agents: [(pod: Pod, process: ChildProcess, volumes: KubeletSync)] = []
    private var central: Pod?

    private init(_ scenario: Scenario, _ story: Story, _ installed: InstalledPrometheus) throws {
        self.scenario = scenario
        self.story = story
        self.installed = installed
        targets = TargetPods(scenario)
        network = try LoopbackNetwork(Rendered(made: [], given: []))
    }

    /// Plays with one version of Prometheus and a cluster, by default its own local one, and stops everything
    /// afterwards.
    ///
    /// The operator watches the scenario's namespace or all namespaces. Only a local cluster has the definitions of
    /// monitors.
    static func play(
        _ installed: InstalledPrometheus, on kind: ClusterKind = .local, everywhere: Bool = false,
        deliveryInterval: Duration = .seconds(60), _ body: (Pipeline) async throws -> Void
    ) async throws {
        try await Scenario.play(kind, startsOperator: false) { scenario in
            scenario.startOperator {
                if everywhere { $0.namespaces = .all }
                $0.deliveryInterval = deliveryInterval
            }
            if kind == .local { try await scenario.install(.podMonitor, .serviceMonitor, .probe, .scrapeConfig) }
            try await Story.tell { story in
                let pipeline = try Pipeline(scenario, story, installed)
                do {
                    try await body(pipeline)
                } catch {
                    await pipeline.targets.stop()
                    throw error
                }
                await pipeline.targets.stop()
            }
        }
    }

    /// The objects that the operator has created so far.
    func made() async throws -> Rendered {
        var objects: [Object] = []
        // The objects that StatefulSets mount exist before them.
        for resource in [Resource.statefulSets, .services, .configMaps, .secrets] {
            objects += try await scenario.client.list(resource, namespace: scenario.namespace).items
        }
        return Rendered(made: objects, given: [])
    }

    // MARK: - The central side

    /// Applies the global view `main` with a central Prometheus and the tenant `a`, and starts the Prometheus.
    func startCentral() async throws -> QueryAPI {
        try await scenario.apply(
            GlobalView.resource, "main", ["spec": ["prometheus": ["version": JSON(installed.version)]]])
        try await scenario.apply(
            Tenant.resource, "tenant-a", ["spec": ["globalViewRef": ["name": "main"], "id": "a"]])
        let rendered = try await waitFor("the StatefulSet of the central Prometheus exists") {
            let made = try await made()
            return made.all("StatefulSet").contains { $0.name == "main-prometheus" } ? made : nil
        }
        let pod = try Pod("StatefulSet", "main-prometheus", of: rendered)
        central = pod
        network = try LoopbackNetwork(rendered, [pod])
        return try await startCentralAgain()
    }

    /// Starts the central Prometheus again with its data.
    @discardableResult
    func startCentralAgain() async throws -> QueryAPI {
        let pod = try #require(central)
        let process = try await story.start(pod, installed.prometheus, network)
        try await QueryAPI.untilReady("\(try pod.url(9090))/-/ready", process)
        return QueryAPI(url: try pod.url(9090))
    }

    /// Stops the central Prometheus as Kubernetes stops a pod.
    func stopCentral() async throws { try await story.end("main-prometheus-0") }

    /// Whether the central Prometheus may have refused samples of agents because of a fault of old versions.
    ///
    /// On a reload of jobs, agents before version 3 may send a staleness marker with the time of the newest sample, and
    /// a central Prometheus before version 3 refuses all samples of this request. No configuration prevents this.
    func mayHaveRefused(_ agents: [RunningAgent]) -> Bool {
        !installed.version.hasPrefix("3.") && agents.contains(where: \.hasDroppedSamples)
    }

    // MARK: - Agents

    /// Applies the agent `cluster` of tenant `a`, which selects every kind of monitor, scrapes each second and sends at
    /// once. `more` has further fields.
    ///
    /// Its configuration has the API server's address, because a process on this machine has neither a mounted
    /// ServiceAccount nor the environment variables of a pod.
    func applyAgent(_ more: JSON = [:]) async throws {
        var spec: JSON = [
            "version": JSON(installed.version), "tenantRef": ["name": "tenant-a"], "scrapeInterval": "1s",
            "serviceMonitorSelector": [:], "podMonitorSelector": [:], "probeSelector": [:],
            "scrapeConfigSelector": [:],
            "apiserverConfig": ["host": JSON(try #require(scenario.local).url)],
            "remoteWrite": [
                ["name": "tenant", "queueConfig": ["batchSendDeadline": "500ms", "maxBackoff": "1s"]]
            ],
        ]
        if installed.version.hasPrefix("3.") {
            // By default, it reads its files every 3 s.
            spec["additionalArgs"] = [["name": "config.auto-reload-interval", "value": "1s"]]
        }
        for (key, value) in more.object ?? [:] { spec[key] = value }
        try await scenario.apply(PrometheusAgent.resource, "cluster", ["spec": spec.droppingNulls])
    }

    /// Starts a replica of one of the agent's shards, once its StatefulSet exists and its configuration is complete. If
    /// it gets its own address, its pod in the cluster has this address, too.
    @discardableResult
    func startAgent(
        _ set: String = "cluster-agent", _ ordinal: Int = 0, at host: String? = nil,
        when isComplete: (String) -> Bool = { _ in true }
    ) async throws -> RunningAgent {
        let rendered: Rendered = try await waitFor("\(set) exists") {
            let made = try await made()
            guard made.all("StatefulSet").contains(where: { $0.name == set }) else { return nil }
            let texts = try made.all("Secret").filter { $0.name.hasPrefix(set) }.flatMap {
                try made.files("Secret", $0.name).values
            }
            return isComplete(texts.joined()) ? made : nil
        }
        let pod = try Pod("StatefulSet", set, ordinal: ordinal, at: host, of: rendered)
        let process = try await story.start(pod, installed.prometheus, network)
        if let host { scenario.workloads.give(pod.name, address: host) }
        agents.append((pod, process, KubeletSync(annotations: try await annotations(of: pod))))
        let url = try pod.url(9090)
        try await QueryAPI.untilReady("\(url)/-/ready", process)
        return RunningAgent(
            name: pod.name, url: url, process: process, folder: pod.folder("config", in: story.directory))
    }

    /// The logs of all agents.
    var agentLogs: [String] { agents.map(\.process.log) }

    /// The log of an agent's reload side-car; empty if it has none.
    func reloads(of agent: RunningAgent) -> String { story.log(of: "\(agent.name)-reload") }

    private func annotations(of pod: Pod) async throws -> [String: String] {
        try await scenario.get(.pods, pod.name)?.annotations ?? [:]
    }

    /// Waits until a condition is true. Meanwhile, the volumes of all agents follow the cluster with the manners of a
    /// kubelet: those of a pod that has changed at once, all others late.
    func eventually(
        _ what: @autoclosure () -> String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
    ) async throws {
        do {
            try await waitUntil("", within: limit) {
                for index in agents.indices {
                    guard agents[index].volumes.isDue(try await annotations(of: agents[index].pod)) else { continue }
                    agents[index].pod.rendered = try await made()
                    do {
                        try agents[index].pod.fillVolumes(in: story.directory, network)
                    } catch is Example.Failure {
                        // A volume keeps the files of a deleted object.
                    }
                }
                if try await condition() { return true }
                try await Task.sleep(for: .milliseconds(100))
                return false
            }
        } catch is WaitingError {
            throw WaitingError(description: "\"\(what())\" did not become true within \(limit)")
        }
    }
}
