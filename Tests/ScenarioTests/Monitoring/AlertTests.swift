import Kube
import TestSupport
import Testing
import YAML

@Suite struct `Alerts` {
    private static let hasPromtool = ChildProcess.find("promtool") != nil

    @Test func `Every alert has a severity, a summary, a description and a section in the docs`() throws {
        let documented = Set(
            try Checkout.read("docs/alerts.md").split(separator: "\n").filter { $0.hasPrefix("### ") }
                .map { String($0.dropFirst(4)) })
        var names: Set<String> = []
        for rule in try MonitoringExpressions.rules() {
            let name = try #require(rule["alert"]?.string)
            #expect(names.insert(name).inserted, "\(name) is defined twice")
            #expect(["warning", "critical"].contains(rule["labels", "severity"]?.string))
            #expect(rule["for"]?.string != nil, "\(name)")
            let summary = try #require(rule["annotations", "summary"]?.string)
            let description = try #require(rule["annotations", "description"]?.string)
            #expect(summary.hasSuffix(".") && !summary.contains("\n"), "\(name): \(summary)")
            // Labels are only in the summary, which the unit tests check.
            #expect(description.hasSuffix(".") && !description.contains("{{"), "\(name): \(description)")
        }
        #expect(names == documented)
    }

    @Test func `Every alert has a unit test in which it fires, and one in which it does not`() throws {
        let tests = try YAML.parseOne(try Checkout.read("Tests/Fixtures/alerts/tests.yaml")).value["tests"]?.array ?? []
        var (firing, silent) = (Set<String>(), Set<String>())
        for test in tests.flatMap({ $0["alert_rule_test"]?.array ?? [] }) {
            let name = try #require(test["alertname"]?.string)
            if test["exp_alerts"]?.array?.isEmpty == false { firing.insert(name) } else { silent.insert(name) }
        }
        let names = Set(try MonitoringExpressions.rules().compactMap { $0["alert"]?.string })
        #expect(firing == names)
        #expect(silent == names)
    }

    @Test(.enabled(if: hasPromtool)) func `Prometheus accepts the rules`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let path = try folder.write("rules.yaml", YAML.write(["groups": .array(try MonitoringExpressions.groups())]))
        for installed in await InstalledPrometheus.all() {
            let outcome = try await ChildProcess.run(installed.promtool, ["check", "rules", path])
            #expect(outcome.code == 0, "\(installed): \(outcome.output)")
            #expect(
                outcome.output.contains("\(try MonitoringExpressions.rules().count) rules found"), "\(outcome.output)")
        }
    }

    @Test(.enabled(if: hasPromtool)) func `Every alert fires when it should, and only then`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let groups = try MonitoringExpressions.groups().map { group in
            var group = group
            group["rules"] = .array(
                (group["rules"]?.array ?? []).map { rule in
                    var rule = rule
                    rule["annotations", "description"] = nil
                    return rule
                })
            return group
        }
        try folder.write("rules.yaml", YAML.write(["groups": .array(groups)]))
        let tests = try folder.write("tests.yaml", try Checkout.read("Tests/Fixtures/alerts/tests.yaml"))
        for installed in await InstalledPrometheus.all() {
            let outcome = try await ChildProcess.run(installed.promtool, ["test", "rules", tests])
            #expect(outcome.code == 0, "\(installed): \(outcome.output)")
        }
    }
}

@Suite struct `The Grafana dashboard` {
    @Test func `The provisioning side-car of Grafana finds the dashboard, whose panels do not overlap`() throws {
        let object = try YAML.parseOne(try Checkout.read("manifests/monitoring/dashboard.yaml")).value
        #expect(object["kind"] == "ConfigMap")
        #expect(object["metadata", "labels", "grafana_dashboard"] == "1")
        let dashboard = try MonitoringExpressions.dashboard()
        #expect(dashboard["uid"] == "tributary")
        let panels = try #require(dashboard["panels"]?.array)
        #expect(Set(panels.compactMap { $0["id"]?.int }).count == panels.count)
        var taken: Set<[Int]> = []
        for panel in panels {
            let place = ["x", "y", "w", "h"].map { panel["gridPos", $0]?.int ?? -1 }
            #expect(place[0] >= 0 && place[0] + place[2] <= 24)
            for x in place[0]..<(place[0] + place[2]) {
                for y in place[1]..<(place[1] + place[3]) {
                    #expect(taken.insert([x, y]).inserted, "\(panel["title"] ?? "")")
                }
            }
            guard panel["type"] != "row" else { continue }
            #expect(panel["description"]?.string?.isEmpty == false)
            #expect(panel["targets"]?.array?.isEmpty == false)
        }
    }

    @Test(.enabled(if: ChildProcess.find("promtool") != nil))
    func `Prometheus accepts the expressions of the dashboard`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let expressions = try MonitoringExpressions.ofDashboard()
        #expect(expressions.count >= 20)
        let rules = expressions.enumerated().map { index, expression -> JSON in
            ["record": JSON("panel:\(index)"), "expr": JSON(expression)]
        }
        let path = try folder.write("rules.yaml", YAML.write(["groups": [["name": "panels", "rules": .array(rules)]]]))
        for installed in await InstalledPrometheus.all() {
            let outcome = try await ChildProcess.run(installed.promtool, ["check", "rules", path])
            #expect(outcome.code == 0, "\(installed): \(outcome.output)")
        }
    }
}

@Suite struct `The metrics of an expression` {
    @Test func `Metrics are distinguished from functions, labels and keywords`() {
        let found = MonitoringExpressions.metrics(
            in: #"histogram_quantile(0.5, sum by (le) (rate(a_bucket{job="x y",z=~"b"}[5m]))) or vector(0) > 3 and "#
                + #"on (namespace) count_values by (c) ("hash", d) unless e"#)
        #expect(found == ["a_bucket", "d", "e"])
        #expect(MonitoringExpressions.family("a_bucket") == "a")
    }
}
