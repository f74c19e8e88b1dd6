import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("Rules of tenants and views")
struct RulePlannerTests {
    /// A PrometheusRule; `groups` in flow style.
    static func rule(
        _ name: String, in namespace: String = "team-a", labels: String = "{}", _ groups: String
    ) -> String {
        """
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata: {name: \(name), namespace: \(namespace), labels: \(labels)}
        spec: {groups: [\(groups)]}
        """
    }

    static let good = "{name: good, rules: [{record: r, expr: 'sum(up)'}]}"
    private static let tenant = Samples.tenant("tenant-a", "{rules: {selector: {}, namespaces: [team-a]}}")

    private static func files(_ plan: Plan, _ name: String = "tenant-a-ruler") throws -> [String: String] {
        let data = try #require(try plan.object("Secret", name).json["data"]?.strings)
        return data.mapValues { String(decoding: Base64.decode($0.utf8) ?? [], as: UTF8.self) }
    }

    private static func groups(_ plan: Plan, _ name: String = "tenant-a-ruler-0") throws -> [String: JSON] {
        let data = try #require(try plan.object("ConfigMap", name).json["data"]?.strings)
        var groups: [String: JSON] = [:]
        for text in data.values {
            for group in try YAML.parseOne(text).value["groups"]?.array ?? [] {
                groups[group["name"]?.string ?? ""] = group
            }
        }
        return groups
    }

    @Test func `A tenant without selected rules gets no objects for them`() throws {
        var scene = try Scene(Samples.prometheus, Self.tenant)
        try scene.add(Self.rule("other", in: "team-b", Self.good))
        try scene.add(Self.rule("empty", "{name: empty, rules: []}"))
        #expect(!scene.plan(tenant: "tenant-a").names.contains { $0.contains("ruler") })
        try scene.add(Self.rule("own", Self.good))
        #expect(
            scene.plan(tenant: "tenant-a").names.filter { $0.contains("ruler") } == [
                "ConfigMap tenant-a-ruler-0", "Secret tenant-a-ruler", "Deployment tenant-a-ruler",
            ])
    }

    @Test func `A tenant's rules ask and write as the tenant, and its label is set last`() throws {
        var scene = try Scene(
            Samples.prometheus,
            Samples.tenant(
                "tenant-a",
                """
                {id: a, rules: {selector: {}, namespaces: [team-a], alertRelabelConfigs: [{targetLabel: tenant, replacement: b}]}}
                """))
        try scene.add(Self.rule("own", Self.good))
        let files = try Self.files(scene.plan(tenant: "tenant-a"))
        let query = try YAML.parseOne(try #require(files["query.yaml"])).value
        #expect(query[0]?["static_configs"] == ["tenant-a-read.observability.svc:8080"])
        let write = try YAML.parseOne(try #require(files["remote-write.yaml"])).value["remote_write"]?[0]
        #expect(write?["write_relabel_configs"]?.array?.last?["replacement"] == "a")
        let alerts = try YAML.parseOne(try #require(files["alert-relabel.yaml"])).value.array ?? []
        #expect(alerts.map { $0["replacement"]?.string } == ["b", "a"])
        #expect(alerts.allSatisfy { $0["target_label"] == "tenant" })
    }

    @Test func `Behind a gateway, rules use the tenant's credentials`() throws {
        var scene = try Scene(Samples.walled(), Self.tenant)
        scene.makeRandom(1)
        try scene.add(Self.rule("own", Self.good))
        for name in ["write", "read"] {
            try scene.add(Samples.secret("token-\(name)", ["token": "\(name)-token-of-tenant-a"]))
        }
        try scene.add(
            Samples.tenant(
                "tenant-a",
                """
                {rules: {selector: {}, namespaces: [team-a]}, credentials: {readSecretRef: {name: token-read, key: token}, \
                writeSecretRef: {name: token-write, key: token}}}
                """))
        let plan = scene.plan(tenant: "tenant-a")
        let files = try Self.files(plan)
        #expect(files["read-token"] == "read-token-of-tenant-a")
        #expect(files["write-token"] == "write-token-of-tenant-a")
        #expect(files["query.yaml"]?.contains("main-gateway.observability.svc:8080") == true)
        #expect(files["query.yaml"]?.contains("path_prefix: /tenants/read") == true)
        #expect(files["remote-write.yaml"]?.contains("/tenants/write") == true)
        for object in plan.objects where object.kind != "Secret" {
            #expect(!object.json.text().contains("-token-of-tenant-a"), "\(object)")
        }
    }

    @Test(arguments: [
        ("{name: bad, rules: [{record: r, expr: 'sum('}]}", "rules[0].expr", "1:5"),
        (
            "{name: bad, rules: [{record: r-1, expr: up}, {record: 'a{', expr: up}]}", "rules[1].record",
            "not a valid name"
        ),
        ("{name: bad, rules: [{record: r, expr: up, for: 5m}]}", "rules[0].for", "should be absent"),
        ("{name: bad, rules: [{record: r, alert: a, expr: up}]}", "rules[0]", "only one of"),
        ("{name: bad, rules: [{expr: up}]}", "rules[0]", "\"record\" or \"alert\""),
        ("{name: bad, rules: [{alert: a, expr: ''}]}", "rules[0].expr", "is required"),
        ("{name: bad, rules: [{alert: a, expr: up, for: 5 minutes}]}", "rules[0].for", "not a valid duration"),
        (
            "{name: bad, rules: [{alert: a, expr: up, labels: {__name__: x}}]}", "rules[0].labels",
            "not a valid label name"
        ),
        (
            "{name: bad, rules: [{alert: a, expr: up, annotations: {s: '{{ $label.x }}'}}]}", "rules[0].annotations.s",
            "undefined variable"
        ),
        (
            "{name: bad, rules: [{alert: a, expr: up, annotations: {s: '{{ humanise 1 }}'}}]}", "annotations.s",
            "not defined"
        ),
        (
            "{name: bad, rules: [{alert: a, expr: up, annotations: {s: '{{ if .Value }}x'}}]}", "annotations.s",
            "no {{end}}"
        ),
        ("{name: bad, rules: [{alert: a, expr: up, annotations: {s: '{{ .Value'}}]}", "annotations.s", "not closed"),
        ("{name: bad, interval: 0s, rules: [{alert: a, expr: up}]}", "interval", "longer than 0"),
        ("{name: bad, limit: -1, rules: [{alert: a, expr: up}]}", "limit", "negative"),
        (
            "{name: bad, partial_response_strategy: maybe, rules: [{alert: a, expr: up}]}", "partial_response",
            "abort, warn"
        ),
        ("{name: good, rules: [{alert: a, expr: up}]}", "name", "is repeated"),
        ("{name: '', rules: [{alert: a, expr: up}]}", "name", "is required"),
        ("{rules: 5, name: bad}", "rules", "a list"),
        ("7", "spec.groups[1]", "an object"),
        ("{name: bad, rules: [{record: r, expr: {}}]}", "expr", "a string"),
    ])
    func `A bad group is left out alone, and it is said where and why`(
        _ group: String, _ field: String, _ problem: String
    ) throws {
        var scene = try Scene(Samples.prometheus, Self.tenant)
        try scene.add(Self.rule("own", "\(Self.good), \(group), {name: last, rules: [{alert: b, expr: up}]}"))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(try Set(Self.groups(plan).keys) == ["good", "last"])
        let rejected = try #require(plan.monitors?.rejected)
        #expect(rejected.count == 1)
        #expect(rejected[0].key.description == "team-a/own")
        #expect(rejected[0].message.contains(field) && rejected[0].message.contains(problem), "\(rejected[0].message)")
        #expect(plan.messages.contains { $0.contains("spec.rules: left out: PrometheusRule team-a/own") })
        #expect(try plan.status(of: "tenant-a")["rules"] == ["groups": 2, "rules": 2, "rejectedGroups": 1])
    }

    @Test func `A PrometheusRule without groups that can be read says so`() throws {
        var scene = try Scene(Samples.prometheus, Self.tenant)
        try scene.add(Self.rule("own", Self.good))
        try scene.add(
            "{apiVersion: monitoring.coreos.com/v1, kind: PrometheusRule, metadata: {name: x, namespace: team-a}, spec: {groups: 1}}"
        )
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.monitors?.rejected.map(\.message) == ["spec.groups: should be a list, not an integer"])
        #expect(try Self.groups(plan).count == 1)
    }

    @Test func `The labels of a group become those of its rules`() throws {
        var scene = try Scene(Samples.prometheus, Self.tenant)
        try scene.add(
            Self.rule(
                "own",
                "{name: g, labels: {x: group, z: group}, rules: [{record: r, expr: 5, labels: {x: own}}]}"))
        let rule = try #require(try Self.groups(scene.plan(tenant: "tenant-a"))["g"])
        #expect(rule["rules"]?[0]?["labels"] == ["x": "own", "z": "group"])
        #expect(rule["rules"]?[0]?["expr"] == "5")
        #expect(rule["labels"] == nil)
    }

    @Test func `Limits of tenants hold, and those of the platform are its own`() throws {
        let limits = "rules: {selector: {}, tenantLimits: {rules: 2, resultsPerRule: 7, shortestInterval: 30s}}"
        var scene = try Scene(Samples.prometheus + "\n  \(limits)", Self.tenant)
        let quick = "{name: quick, interval: 1s, limit: 100, rules: [{record: r, expr: up}, {record: s, expr: up}]}"
        try scene.add(Self.rule("a", quick))
        try scene.add(Self.rule("b", Self.good))
        try scene.add(Self.rule("platform", in: Scene.namespace, quick))
        let plan = scene.plan(tenant: "tenant-a")
        let group = try #require(try Self.groups(plan)["quick"])
        #expect(group["interval"] == "30s" && group["limit"] == 7)
        #expect(plan.monitors?.rejected.map(\.message).first?.contains("more than 2") == true)
        let own = try #require(try Self.groups(scene.plan(), "main-rules-0")["quick"])
        #expect(own["interval"] == "1s" && own["limit"] == 100)
    }

    @Test func `The platform's rules see all, and write as nobody's tenant`() throws {
        let rules = "rules: {selector: {matchLabels: {rules: platform}}}"
        var scene = try Scene(Samples.managed + "\n  \(rules)", Samples.tenant("platform-rules"))
        try scene.add(Self.rule("own", in: Scene.namespace, labels: "{rules: platform}", Self.good))
        let refused = scene.plan()
        #expect(refused.messages.contains { $0.contains("\"platform-rules\", the default, is the id of Tenant") })
        #expect(!refused.names.contains("Deployment main-rules"))
        try scene.add(Samples.managed + "\n  \(rules.replacing("rules: {sel", with: "rules: {storeAs: results, sel"))")
        let files = try Self.files(scene.plan(), "main-rules")
        #expect(files["query.yaml"]?.contains("main-query.observability.svc") == true)
        #expect(files["remote-write.yaml"]?.contains("THANOS-TENANT: results") == true)
        #expect(files["remote-write.yaml"]?.contains("relabel") == false)
    }

    @Test func `Many rules are split among ConfigMaps, each small enough`() throws {
        var scene = try Scene(Samples.prometheus, Self.tenant)
        let text = String(repeating: "x", count: 60_000)
        for number in 0..<50 {
            try scene.add(
                Self.rule("r\(number)", "{name: g, rules: [{alert: a, expr: up, annotations: {text: \(text)}}]}"))
        }
        let maps = scene.plan(tenant: "tenant-a").objects.filter { $0.kind == "ConfigMap" && $0.name.contains("ruler") }
        #expect(maps.count >= 4)
        let files = maps.flatMap { ($0.json["data"]?.strings ?? [:]).keys }
        #expect(Set(files).count == 50 && files.count == 50)
        #expect(maps.allSatisfy { $0.json.text().utf8.count < 1 << 20 })
    }

    @Test func `Alertmanagers of the view are those of tenants that name none`() throws {
        let rules = "rules: {alertmanagers: [{name: one, service: {name: am, namespace: monitoring}}]}"
        var scene = try Scene(Samples.prometheus + "\n  \(rules)", Self.tenant)
        try scene.add(Self.rule("own", Self.good))
        func addresses() throws -> JSON? {
            let text = try #require(try Self.files(scene.plan(tenant: "tenant-a"))["alertmanagers.yaml"])
            return try YAML.parseOne(text).value["alertmanagers"]
        }
        #expect(try addresses()?[0]?["static_configs"] == ["dnssrv+_web._tcp.am.monitoring.svc"])
        try scene.add(
            Samples.tenant("tenant-a", "{rules: {selector: {}, namespaces: [team-a], alertmanagers: []}}"))
        #expect(try addresses() == [])
    }

    @Test func `A relabeling rule that Thanos would refuse is left out, and the label is still set`() throws {
        var scene = try Scene(
            Samples.prometheus,
            Samples.tenant(
                "tenant-a",
                "{rules: {selector: {}, namespaces: [team-a], alertRelabelConfigs: [{regex: 'a(', action: labeldrop}]}}"
            ))
        try scene.add(Self.rule("own", Self.good))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.messages.contains { $0.contains("alertRelabelConfigs[0]") && $0.contains("left out") })
        let alerts = try YAML.parseOne(try #require(try Self.files(plan)["alert-relabel.yaml"])).value
        #expect(alerts.array?.map { $0["target_label"]?.string } == ["tenant"])
    }

    @Test func `While it is not known which rules there are, what exists stays`() throws {
        var scene = try Scene(Samples.prometheus, Self.tenant)
        scene.snapshot.ruleKnowledge = .unknown(nil)
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.keeps.contains { $0.resource.kind == "Deployment" && $0.key.name == "tenant-a-ruler" })
        #expect(plan.names.contains("Deployment tenant-a-read"))
        scene.snapshot.ruleKnowledge = .unknown("forbidden")
        #expect(try scene.plan(tenant: "tenant-a").readiness(of: "tenant-a") == "False WatchFailing")
    }

    @Test func `A tenant that is offboarded has no rules any more`() throws {
        var scene = try Scene(
            Samples.prometheus,
            Samples.tenant(
                "tenant-a", "{offboarding: {readsFor: 1d}, rules: {selector: {}, namespaces: [team-a]}}"))
        try scene.add(Self.rule("own", Self.good))
        #expect(!scene.plan(tenant: "tenant-a").names.contains("Deployment tenant-a-ruler"))
    }
}
