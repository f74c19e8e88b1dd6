import Kube
import KubeClient
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI

/// All of it together: a cluster with the operator at work, and the central Prometheus and the agents that it makes there
/// as real processes, which discover their targets in that cluster.
final class Pipeline {
    let scenario: Scenario
    let installed: InstalledPrometheus
    let targets: TargetPods
    private let story: Story
    private var network: LoopbackNetwork
    private var agents: [(pod: Pod, process: ChildProcess)] = []
    private var central: Pod?

    private init(_ scenario: Scenario, _ story: Story, _ installed: InstalledPrometheus) throws {
        self.scenario = scenario
        self.story = story
        self.installed = installed
        targets = TargetPods(scenario)
        network = try LoopbackNetwork(Rendered(made: [], given: []))
    }

    /// Plays with one version of Prometheus and a cluster, one of its own where nothing else is said; everything is ended
    /// afterwards.
    ///
    /// The operator looks at the scenario's namespace, or at all of them. Monitors can be had in a local cluster.
    static func play(
        _ installed: InstalledPrometheus, on kind: ClusterKind = .local, everywhere: Bool = false,
        _ body: (Pipeline) async throws -> Void
    ) async throws {
        try await Scenario.play(kind, startsOperator: false) { scenario in
            scenario.startOperator { if everywhere { $0.namespace = nil } }
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

    /// What the operator has made so far.
    func made() async throws -> Rendered {
        var objects: [Object] = []
        // What StatefulSets mount is there before them.
        for resource in [Resource.statefulSets, .services, .configMaps, .secrets] {
            objects += try await scenario.client.list(resource, namespace: scenario.namespace).items
        }
        return Rendered(made: objects, given: [])
    }

    // MARK: - The central side

    /// The global view `main`, a central Prometheus, with the tenant `a`; its Prometheus runs afterwards.
    func startCentral() async throws -> QueryAPI {
        try await scenario.apply(
            GlobalView.resource, "main", ["spec": ["prometheus": ["version": JSON(installed.version)]]])
        try await scenario.apply(
            Tenant.resource, "tenant-a", ["spec": ["globalViewRef": ["name": "main"], "id": "a"]])
        let rendered = try await waitFor("the central Prometheus is made") {
            let made = try await made()
            return made.all("StatefulSet").contains { $0.name == "main-prometheus" } ? made : nil
        }
        let pod = try Pod("StatefulSet", "main-prometheus", of: rendered)
        central = pod
        network = try LoopbackNetwork(rendered, [pod])
        return try await startCentralAgain()
    }

    /// Starts the central Prometheus on the data that it has.
    @discardableResult
    func startCentralAgain() async throws -> QueryAPI {
        let pod = try #require(central)
        let process = try await story.start(pod, installed.prometheus, network)
        try await QueryAPI.untilReady("\(try pod.url(9090))/-/ready", process)
        return QueryAPI(url: try pod.url(9090))
    }

    /// Ends the central Prometheus as Kubernetes ends a pod.
    func stopCentral() async throws { try await story.end("main-prometheus-0") }

    /// Whether the central Prometheus may have refused some of what agents sent, for a reason of old versions.
    ///
    /// When jobs are reloaded, agents before version 3 may send a staleness marker with the time of the newest sample,
    /// and a central Prometheus before version 3 refuses all that is sent together with it: nothing that Tributary writes
    /// keeps them from it.
    func mayHaveRefused(_ agents: [Agent]) -> Bool {
        !installed.version.hasPrefix("3.") && agents.contains(where: \.hasDroppedSamples)
    }

    // MARK: - Agents

    /// Applies the agent `cluster` of tenant `a`, which takes in every kind of monitor, scrapes each second and sends at
    /// once; `more` says what else.
    ///
    /// It is told where the API server is: a process on this machine has no ServiceAccount mounted and none of the
    /// variables by which a pod finds its own.
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
            // It looks at its files every 30 s where nothing else is said.
            spec["additionalArgs"] = [["name": "config.auto-reload-interval", "value": "1s"]]
        }
        for (key, value) in more.object ?? [:] { spec[key] = value }
        try await scenario.apply(PrometheusAgent.resource, "cluster", ["spec": spec.droppingNulls])
    }

    /// Starts a replica of one of the agent's shards, once the operator has made it and its configuration fits. With an
    /// address of its own, that is the address of its pod in the cluster too.
    @discardableResult
    func startAgent(
        _ set: String = "cluster-agent", _ ordinal: Int = 0, at host: String? = nil,
        when isComplete: (String) -> Bool = { _ in true }
    ) async throws -> Agent {
        let rendered: Rendered = try await waitFor("\(set) is made") {
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
        agents.append((pod, process))
        let url = try pod.url(9090)
        try await QueryAPI.untilReady("\(url)/-/ready", process)
        return Agent(name: pod.name, url: url, process: process, folder: pod.folder("config", in: story.directory))
    }

    /// What the reload side-car of an agent has written; empty where there is none.
    func reloads(of agent: Agent) -> String { story.log(of: "\(agent.name)-reload") }

    /// Waits until a condition holds, while the volumes of all agents follow the cluster as kubelets have them follow.
    func eventually(
        _ what: @autoclosure () -> String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
    ) async throws {
        do {
            try await waitUntil("", within: limit) {
                let made = try await made()
                for index in agents.indices {
                    agents[index].pod.rendered = made
                    do {
                        try agents[index].pod.fillVolumes(in: story.directory, network)
                    } catch is Example.Failure {
                        // What is there no more, a volume keeps.
                    }
                }
                if try await condition() { return true }
                try await Task.sleep(for: .milliseconds(100))
                return false
            }
        } catch is WaitingError {
            throw WaitingError(description: "waited \(limit) in vain: \(what())")
        }
    }
}

/// An agent's process, and what it says of itself.
struct Agent {
    let name: String
    let url: String
    let process: ChildProcess
    /// Where its configuration is mounted.
    let folder: String

    /// The labels of the targets that it scrapes.
    func targets() async throws -> [(pool: String, labels: [String: String])] {
        let answer = try await curl(["\(url)/api/v1/targets?state=active"])
        return (answer.json["data", "activeTargets"]?.array ?? []).map {
            ($0["scrapePool"]?.string ?? "", $0["labels"]?.strings ?? [:])
        }
    }

    /// The names of the pods that it scrapes.
    func pods() async throws -> [String] { try await targets().compactMap { $0.labels["pod"] }.sorted() }

    /// The text of its own metrics.
    func metrics() async throws -> String { try await curl(["\(url)/metrics"]).body }

    /// Whether it was told of samples that they are refused for good, and dropped them.
    fileprivate var hasDroppedSamples: Bool { process.log.contains("non-recoverable error") }
}

extension Programs {
    /// Those that can look for targets in Kubernetes: Debian 12's is built without.
    static var discovering: [InstalledPrometheus] {
        get async { await foundDiscovering.value }
    }

    private static let foundDiscovering = Task {
        var found: [InstalledPrometheus] = []
        for installed in await prometheuses where (try? await installed.discoversInKubernetes) == true {
            found.append(installed)
        }
        return found
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips what needs a Prometheus that discovers targets in Kubernetes.
    static var withDiscovery: Self {
        .enabled("a Prometheus with Kubernetes discovery is not found: run make tools") {
            await !Programs.discovering.isEmpty
        }
    }
}
