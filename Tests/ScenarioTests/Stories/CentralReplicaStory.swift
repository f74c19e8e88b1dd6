import Glibc
import Kube
import PlanningInput
import TestSupport
import Testing
import YAML

@testable import Planning

@Suite("Two replicas of a central Prometheus", .withPrometheus)
struct CentralReplicaStory {
    private static func manifests(_ more: String, agent: String = "") throws -> Example {
        Example(
            try YAML.parse(
                """
                apiVersion: tributary.dev/v1alpha1
                kind: GlobalView
                metadata: {name: main, namespace: observability}
                spec:
                  prometheus: {replicas: 2}
                  \(more)
                ---
                apiVersion: tributary.dev/v1alpha1
                kind: Tenant
                metadata: {name: tenant-a, namespace: observability}
                spec: {globalViewRef: {name: main}, id: a}
                \(agent)
                """
            ).map { Object($0.value) })
    }

    /// Both replicas, which run.
    private struct Servers {
        var pods: [Pod]
        var network: LoopbackNetwork
        var processes: [ChildProcess] = []
        var apis: [QueryAPI]

        init(_ rendered: Rendered, _ others: [Pod] = []) throws {
            let pods = try (0..<2).map { try Pod("StatefulSet", "main-prometheus", ordinal: $0, of: rendered) }
            self.pods = pods
            network = try LoopbackNetwork(rendered, pods + others)
            apis = try pods.map { QueryAPI(url: try $0.url(9090)) }
        }

        mutating func start(_ installed: InstalledPrometheus, _ story: Story) async throws {
            for (pod, api) in zip(pods, apis) {
                let process = try await story.start(pod, installed.prometheus, network)
                try await QueryAPI.untilReady("\(api.url)/-/ready", process)
                processes.append(process)
            }
        }

        /// Kills the second replica as if its node had lost power, and starts it again.
        mutating func restart(_ installed: InstalledPrometheus, _ story: Story, meanwhile: () async throws -> Void)
            async throws
        {
            processes[1].signal(SIGKILL)
            let killed = processes[1]
            try await eventually("the second replica is gone") { !killed.isRunning }
            try await meanwhile()
            processes[1] = try await story.start(pods[1], installed.prometheus, network)
            try await QueryAPI.untilReady("\(apis[1].url)/-/ready", processes[1])
        }

        /// Waits until both replicas have every scrape up to one that has not happened yet.
        func haveAll(of target: Target) async throws {
            let last = target.scrapes + 5
            for (index, api) in apis.enumerated() {
                try await eventually("replica \(index) has every scrape") {
                    try await api.hasEveryTick(upTo: last, tenant: "a")
                }
            }
        }
    }

    @Test(.withNginx, arguments: await InstalledPrograms.prometheuses)
    func `A replica that is killed has everything again, whatever it missed behind the gateway`(
        _ installed: InstalledPrometheus
    ) async throws {
        let target = try await Target.start { "ticks{tenant=\"b\"} \($0)" }
        try await Story.tell { story in
            var example = try Self.manifests("gateway: {}")
            example.use(installed)
            let rendered = try example.render(expecting: installed.warningsBehindGateway)
            let relay = try Pod("Deployment", "main-relay", of: rendered)
            var servers = try Servers(rendered, [relay])
            try await servers.start(installed, story)
            let relayed = try await story.start(relay, Checkout.tributary, servers.network)
            try await QueryAPI.untilReady("\(try relay.url(8081))/readyz", relayed)
            let gateway = try await RunningGateway.start(
                story,
                GatewayConfiguration(
                    routes: GatewayRoutes(
                        writeURL: "\(try relay.url(8080))/write", tenantHeader: GatewayNames.relayHeader),
                    tenants: [.sample("a")]))
            let file = try story.directory.write(
                "agent.yaml",
                """
                global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                scrape_configs: [{job_name: box, static_configs: [{targets: ['\(target.address)']}]}]
                remote_write:
                - url: \(gateway.url)/tenants/write
                  authorization: {credentials: Write-Token-Of-a-new}
                  queue_config: {batch_send_deadline: 200ms, max_backoff: 500ms}
                """)
            _ = try story.start("agent", installed.prometheus, try installed.agentArguments(file, story))
            let api = servers.apis[0]
            try await eventually("the first samples arrive", within: .seconds(90)) {
                try await !api.query("ticks").isEmpty
            }
            try await servers.restart(installed, story) {
                let before = target.scrapes
                try await eventually("the agent scrapes meanwhile") { target.scrapes >= before + 20 }
            }
            try await servers.haveAll(of: target)
        }
        await target.stop()
    }

    @Test(arguments: await InstalledPrograms.prometheuses)
    func `An agent goes on with one replica while the other is down, and catches up`(
        _ installed: InstalledPrometheus
    ) async throws {
        let target = try await Target.start { "ticks \($0)" }
        try await Story.tell { story in
            var example = try Self.manifests(
                "",
                agent: """
                    ---
                    apiVersion: tributary.dev/v1alpha1
                    kind: PrometheusAgent
                    metadata: {name: cluster, namespace: observability}
                    spec:
                      tenantRef: {name: tenant-a}
                      replicaExternalLabelName: ""
                      scrapeInterval: 200ms
                      scrapeTimeout: 200ms
                      scrapeConfigs: [{job_name: box, static_configs: [{targets: ['\(target.address)']}]}]
                      remoteWrite: [{name: tenant, queueConfig: {batchSendDeadline: 200ms, maxBackoff: 500ms}}]
                    """)
            example.use(installed)
            let rendered = try example.render()
            let agent = try Pod("StatefulSet", "cluster-agent", of: rendered)
            var servers = try Servers(rendered, [agent])
            try await servers.start(installed, story)
            let process = try await story.start(agent, installed.prometheus, servers.network)
            let api = servers.apis[0]
            try await eventually("the first samples arrive", within: .seconds(90)) {
                try #require(process.isRunning, "\(process.log)")
                return try await !api.query("ticks").isEmpty
            }
            try await servers.restart(installed, story) {
                let before = Double(target.scrapes + 10)
                // The other replica has the newest samples although this one is down.
                try await eventually("the first replica goes on") {
                    try await (api.query("ticks").first?.values.first ?? 0) >= before
                }
            }
            try await servers.haveAll(of: target)
        }
        await target.stop()
    }
}

extension InstalledPrometheus {
    /// The arguments of an agent with a configuration file.
    fileprivate func agentArguments(_ file: String, _ story: Story) throws -> [String] {
        [
            version.hasPrefix("2.") ? "--enable-feature=agent" : "--agent", "--config.file=\(file)",
            "--storage.agent.path=\(story.directory.path("wal"))",
            "--web.listen-address=127.0.0.1:\(try freePort())",
        ]
    }
}
