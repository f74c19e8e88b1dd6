import Kube
import TestSupport
import Testing
import TributaryAPI

/// Rules and alerts with real parts: Thanos Rule for each tenant, which asks and writes through the gateway.
@Suite("Rules of tenants and of the platform", .withNginx, .withHeaders, .withPromLabelProxy, .withRuler)
struct RulesStory {
    /// The example with three tenants that select what their teams' namespaces have. `c` has no rules.
    private static func example(_ installed: InstalledPrometheus, alertmanager: String?) throws -> Example {
        var example = try Example("rules")
        example.use(installed)
        example.change("GlobalView") { view in
            // The label is not forced by a relay: the rulers alone see to it.
            view["spec", "prometheus", "writeIsolation"] = "Trusted"
            view["spec", "rules", "evaluationInterval"] = "1s"
            view["spec", "rules", "tenantLimits"] = ["shortestInterval": "1s"]
            view["spec", "rules", "alertmanagers"] = alertmanager.map { [["name": "one", "targets": [JSON($0)]]] }
        }
        example.change("Tenant", "tenant-b") { tenant in
            tenant["spec", "rules"] = ["selector": [:], "namespaces": ["team-b"]]
        }
        example.add(
            Object(
                Tenant.resource, namespace: "observability", name: "tenant-c",
                ["spec": ["globalViewRef": ["name": "main"], "id": "c"]]))
        for id in ["a", "b"] { example.add(RuleAttempt.rule("team-\(id)", by: id)) }
        example.add(
            Object([
                "apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule",
                "metadata": ["name": "platform", "namespace": "monitoring", "labels": ["rules": "platform"]],
                "spec": [
                    "groups": [
                        [
                            "name": "all",
                            "rules": [["record": "platform:shared", "expr": "count by (tenant) (shared)"]],
                        ]
                    ]
                ],
            ]))
        return example
    }

    private static let trusted = "writeIsolation"

    private static func start(_ example: Example, _ installed: InstalledPrometheus, _ story: Story) async throws
        -> (Walls, QueryAPI, central: Pod)
    {
        var walls = try Walls(example, story)
        #expect(walls.diagnostics.filter { !$0.contains(trusted) } == [])
        let central = try walls.pod("StatefulSet", "main-prometheus")
        try await walls.start(central, installed.prometheus, ready: [(9090, "/-/ready")])
        let proxy = try walls.pod("Deployment", "main-read-proxy")
        try await walls.start(proxy, InstalledPrograms.promLabelProxy, ready: [(8080, "/healthz")])
        try await walls.startGateway()
        for id in ["a", "b", "c"] { try await writeSamples(walls, id) }
        return (walls, QueryAPI(url: try central.url(9090)), central)
    }

    private static func writeSamples(_ walls: Walls, _ id: String) async throws {
        let token = try walls.writeToken("tenant-\(id)").bearer
        for name in ["secret_of_\(id)", "shared"] {
            #expect(try await walls.write(name, ["tenant": id, "note": "only-\(id)"], token) == 204)
        }
    }

    @Test(.withAlertmanager)
    func `A tenant's rules see its own series, and their results and alerts carry its label`() async throws {
        let installed = try #require(await InstalledPrograms.prometheuses.last { $0.sendsHeaders })
        try await Story.tell { story in
            let alertmanager = try await RunningAlertmanager(story)
            let example = try Self.example(installed, alertmanager: alertmanager.address)
            var (walls, all, _) = try await Self.start(example, installed, story)
            var rulers: [String: RulerPod] = [:]
            for (id, name) in [("a", "tenant-a-ruler"), ("b", "tenant-b-ruler"), ("platform", "main-rules")] {
                let pod = try walls.pod("Deployment", name)
                rulers[id] = try await RulerPod(pod, walls.network, story)
            }
            #expect(throws: (any Error).self, "c has no rules, and so no pods") {
                try walls.rendered.object("Deployment", "tenant-c-ruler")
            }
            try await eventually("the rules of both tenants are evaluated") {
                for id in ["a", "b", "c"] { try await Self.writeSamples(walls, id) }
                let found = try await all.query("count by (tenant) ({__name__=~\"attempt_.*\"})")
                return Set(found.compactMap { $0.labels["tenant"] }) == ["a", "b"]
            }
            // Each interval of a second, all rules once.
            for _ in 0..<5 {
                for id in ["a", "b", "c"] { try await Self.writeSamples(walls, id) }
                try await Task.sleep(for: .seconds(1))
            }
            let results = try await all.query("last_over_time({__name__=~\"attempt_a_.*\"}[1m])")
            #expect(results.count >= 5)
            #expect(Set(results.map { $0.labels["tenant"] }) == ["a"])
            #expect(
                results.filter { $0.labels.values.contains("only-b") || $0.labels["copy"] == "b" }.map(\.labels) == [])
            // The same attempts find the series of b where b makes them.
            let own = try await all.query("last_over_time({__name__=~\"attempt_b_.*\"}[1m])")
            #expect(Set(own.map { $0.labels["tenant"] }) == ["b"])
            let ways = Set(own.filter { $0.labels.values.contains("only-b") }.compactMap { $0.labels["__name__"] })
            #expect(ways.count >= 20, "\(ways.count) of \(RuleAttempt.expressions.count) ways show series of b")
            // What an expression counts without labels has no other mark than its value.
            for query in ["attempt_a_0", "attempt_a_2{note=\"only-b\"}", "{__name__=~\"attempt_a_.*\",tenant!=\"a\"}"] {
                #expect(try await all.query(query).isEmpty, "\(query)")
            }
            let alerts = try await all.query("ALERTS{alertname=~\"Pretender.*\"}")
            #expect(
                Set(alerts.map { "\($0.labels["alertname"] ?? "") \($0.labels["tenant"] ?? "")" }).isSubset(
                    of: ["Pretender_a a", "Pretender_b b"]))
            try await self.alertsArrive(at: alertmanager)
            let platform = try await all.query("last_over_time(platform:shared[1m])")
            #expect(Set(platform.compactMap { $0.labels["tenant"] }) == ["a", "b", "c"])
            let errors = try await #require(rulers["a"]).groups().errors
            // A label that its template gives a value of another tenant is refused by nobody, since there is none.
            #expect(errors.filter { !$0.contains("same labelset") } == [])
            print("resident memory of Thanos Rule: \(try rulers.mapValues { try $0.memory >> 20 }) MiB")
        }
    }

    private func alertsArrive(at alertmanager: RunningAlertmanager) async throws {
        try await eventually("the alerts of both tenants arrive") {
            Set(try await alertmanager.alerts().compactMap { $0.labels["alertname"] }).isSuperset(
                of: ["Pretender_a", "Pretender_b"])
        }
        let alerts = try await alertmanager.alerts()
        for id in ["a", "b"] {
            let own = alerts.filter { $0.labels["alertname"] == "Pretender_\(id)" }
            #expect(Set(own.map { $0.labels["tenant"] }) == [id])
            #expect(Set(own.map { $0.annotations["external"] }) == [id])
        }
        for alert in alerts where alert.labels["alertname"] == "Pretender_a" {
            let texts = Array(alert.labels.values) + Array(alert.annotations.values)
            #expect(!texts.contains { $0.contains("only-b") || $0.contains("[b") }, "\(alert)")
        }
        #expect(alerts.contains { $0.annotations["found"]?.contains("[b only-b]") == true }, "b sees its own")
    }

    @Test func `A bad group stays alone, and changes are followed`() async throws {
        let installed = try #require(await InstalledPrograms.prometheuses.last { $0.sendsHeaders })
        try await Story.tell { story in
            var example = try Self.example(installed, alertmanager: nil)
            example.add(Self.rule("bad", "sum("))
            example.add(Self.rule("good", "vector(1)"))
            var walls = try Walls(example, story)
            #expect(
                walls.diagnostics.contains { $0.contains("team-a/bad") && $0.contains("sum(") || $0.contains("1:5") })
            // What the checks do not see: a file that only Thanos refuses.
            var rendered = walls.rendered
            for index in rendered.made.indices where rendered.made[index].name == "tenant-a-ruler-0" {
                rendered.made[index].json["data", "unseen.yaml"] =
                    "groups: [{name: unseen, rules: [{alert: x, expr: up, annotations: {a: '{{ nonsense }}'}}]}]"
            }
            var pod = try walls.pod("Deployment", "tenant-a-ruler")
            pod.rendered = rendered
            var ruler = try await RulerPod(pod, walls.network, story)
            #expect(try await ruler.groups().names.isSuperset(of: ["attempts", "alerts", "good"]))
            #expect(try await !ruler.groups().names.contains("unseen"))
            #expect(story.log(of: pod.name).contains("left out unseen.yaml, which Thanos refuses"))

            try await walls.change { $0.add(Self.rule("later", "vector(2)")) }
            try ruler.follow(walls.rendered, walls.network)
            try await eventually("the new group is loaded") { try await ruler.groups().names.contains("later") }
            try await walls.change { $0.change("PrometheusRule", "later") { $0["spec", "groups"] = [] } }
            try ruler.follow(walls.rendered, walls.network)
            try await eventually("the group is gone") { try await !ruler.groups().names.contains("later") }
            #expect(ruler.process.isRunning)
            await ruler.process.stop()
            #expect(ruler.process.exitStatus == 0, "it ends as it is told to")
        }
    }

    private static func rule(_ name: String, _ expression: String) -> Object {
        Object([
            "apiVersion": "monitoring.coreos.com/v1", "kind": "PrometheusRule",
            "metadata": ["name": JSON(name), "namespace": "team-a"],
            "spec": [
                "groups": [["name": JSON(name), "rules": [["record": JSON("r_\(name)"), "expr": JSON(expression)]]]]
            ],
        ])
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a story if Thanos is not installed.
    fileprivate static var withRuler: Self {
        .enabled(if: InstalledPrograms.thanos != nil, "thanos is not found: set THANOS_BIN")
    }
}
