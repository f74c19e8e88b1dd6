import Kube
import Planning
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

/// A global view with a gateway whose pods run on this machine. It is planned again after each change, and each plan sees
/// what the former ones have made, as the operator does.
struct Walls {
    let story: Story
    private(set) var example: Example
    private(set) var rendered: Rendered
    /// What the newest plan says.
    private(set) var diagnostics: [String] = []
    /// The gateway, once it runs.
    private(set) var gateway: GatewayPod?
    private(set) var network: LoopbackNetwork
    private var gatewayPod: Pod?
    private var pods: [Pod] = []
    private var agents: [Pod] = []
    private var hosts: [String: String] = [:]
    /// What was made for each custom resource.
    private var made: [PlanKey: [Object]] = [:]
    /// What of it plans read.
    private var observed: [Object] = []
    /// Further options of curl for requests to the gateway.
    let options: [String]
    /// The beginning of the addresses of all pods, which are numbered from 1.
    private let network24: String

    static func randomNetwork() -> String { "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254))" }

    init(
        _ example: Example, _ story: Story, in network24: String = randomNetwork(), options: [String] = []
    ) throws {
        self.network24 = network24
        self.options = options
        self.example = example
        self.example.entropy = (0..<32).map { _ in .random(in: 0...255) }
        self.story = story
        rendered = Rendered(made: [], given: [])
        network = try LoopbackNetwork(rendered)
        try plan()
    }

    private func snapshot() throws -> Snapshot {
        var snapshot = try example.snapshot()
        for object in observed { try snapshot.take(object) }
        return snapshot
    }

    /// A planner that knows what the newest plan has made.
    func planner() throws -> Planner { Planner(try snapshot()) }

    /// Plans until a plan changes nothing that the next one reads.
    private mutating func plan() throws {
        for _ in 0..<6 {
            let snapshot = try snapshot()
            let planner = Planner(snapshot)
            diagnostics = []
            for key in snapshot.planKeys {
                let plan = planner.plan(for: key)
                let kept = plan.keepsExisting ? (made[key] ?? []) : []
                made[key] =
                    plan.objects
                    + kept.filter { old in
                        let isRevoked = plan.revokes.contains { $0.resource.kind == old.kind && $0.key == old.key }
                        return !isRevoked && !plan.objects.contains { $0.kind == old.kind && $0.key == old.key }
                    }
                for status in plan.statuses where status.resource == Tenant.resource {
                    example.change("Tenant", status.key.name) { $0["status"] = status.status }
                }
                diagnostics += plan.diagnostics.map(\.description)
            }
            rendered = Rendered(made: snapshot.planKeys.flatMap { made[$0] ?? [] }, given: example.objects)
            let next = rendered.made.filter { object in
                CredentialSecret(object, needsOwner: false) != nil || PublishedHashrings(object) != nil
            }
            if next == observed { return }
            observed = next
        }
        throw Example.Failure(description: "plans do not come to rest: \(diagnostics)")
    }

    // MARK: - Pods

    /// A pod with an address of its own, which has the ports of its containers.
    mutating func pod(_ kind: String, _ workload: String, ordinal: Int = 0) throws -> Pod {
        let pod = try Pod(kind, workload, ordinal: ordinal, at: "\(network24).\(pods.count + 1)", of: rendered)
        pods.append(pod)
        try mapAddresses()
        return pod
    }

    private mutating func mapAddresses() throws {
        network = try LoopbackNetwork(rendered, pods)
        for service in rendered.all("Service") {
            let selector = service.json["spec", "selector"]?.strings ?? [:]
            let selected = pods.filter { pod in
                pod.namespace == service.namespace && selector.allSatisfy { pod.labels[$0.key] == $0.value }
            }
            guard let pod = selected.first, !selector.isEmpty else { continue }
            let host = "\(service.name).\(service.namespace ?? "default").svc"
            hosts[host] = pod.host
            let records = selected.compactMap { pod in
                pod.containerPort("grpc").flatMap { pod.ports[$0] }.map { "\(pod.host):\($0)" }
            }
            network.add("dnssrv+_grpc._tcp.\(host).cluster.local", records: records)
        }
    }

    /// Starts a pod, and waits until it is ready.
    @discardableResult
    mutating func start(_ pod: Pod, _ program: String?, ready paths: [(port: Int, path: String)]) async throws -> Pod {
        let process = try await story.start(pod, try #require(program), network)
        for (port, path) in paths { try await QueryAPI.untilReady("\(try pod.url(port))\(path)", process) }
        return pod
    }

    /// Starts an agent, whose files follow later plans.
    mutating func startAgent(_ name: String, _ program: String) async throws {
        let pod = try pod("StatefulSet", "\(name)-agent")
        try await start(pod, program, ready: [(9090, "/-/ready")])
        agents.append(pod)
    }

    /// Starts the gateway. `others` are addresses of hosts that are no Services.
    mutating func startGateway(others: [String: String] = [:]) async throws {
        let pod = try pod("Deployment", "main-gateway")
        gatewayPod = pod
        gateway = try await GatewayPod(pod, hosts: hosts.merging(others) { own, _ in own }, story)
    }

    // MARK: - Changes

    /// Changes the custom resources or lets time pass. Agents get what follows, then `between` runs, and then the gateway
    /// gets it and serves it.
    mutating func change(
        after time: Duration = .zero, _ body: (inout Example) -> Void = { _ in },
        between: (Walls) async throws -> Void = { _ in }
    ) async throws {
        body(&example)
        example.later += time
        try plan()
        for index in agents.indices {
            agents[index].rendered = rendered
            try agents[index].fillVolumes(in: story.directory, network)
        }
        try await between(self)
        guard var pod = gatewayPod else { return }
        pod.rendered = rendered
        for (host, address) in hosts { try gateway?.resolve(host, to: address) }
        try pod.fillVolumes(in: story.directory, try LoopbackNetwork(Rendered(made: [], given: [])))
        try await gateway?.waitUntilServed(rendered, of: pod)
    }

    /// Rotates both credentials of a tenant.
    mutating func rotate(_ tenant: String, mark: String, between: (Walls) async throws -> Void) async throws {
        try await change(
            { example in
                example.change("Tenant", tenant) {
                    $0["metadata", "annotations"] = ["tributary.dev/rotate": JSON(mark)]
                }
            }, between: between)
    }
}
