import Kube
import TestSupport
import Testing
import YAML

@testable import Planning

@Suite("The dashboard of a tenant")
struct TenantDashboardTests {
    private static let dashboard = TenantDashboard.json(DashboardLimits(headSeries: 1000, samplesPerRequest: 500))

    private static var panels: [JSON] { dashboard["panels"]?.array ?? [] }

    private static var expressions: [String] {
        panels.flatMap { $0["targets"]?.array ?? [] }.compactMap { $0["expr"]?.string }
    }

    @Test func `Panels of a tenant do not overlap, and each says what it shows and asks the variable's datasource`() {
        #expect(Set(Self.panels.compactMap { $0["id"]?.int }).count == Self.panels.count)
        var taken: Set<[Int]> = []
        for panel in Self.panels {
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
            // Grafana 7.5 knows no datasource by an object.
            #expect(panel["datasource"] == "$datasource")
        }
    }

    @Test func `The dashboard of a tenant draws the limits that the tenant has, and no others`() {
        #expect(Self.expressions.contains("vector(1000)") && Self.expressions.contains("vector(500)"))
        let without = TenantDashboard.json(DashboardLimits(headSeries: 0))["panels"]?.array ?? []
        let expressions = without.flatMap { $0["targets"]?.array ?? [] }.compactMap { $0["expr"]?.string }
        #expect(!expressions.contains { $0.hasPrefix("vector(") })
    }

    @Test(.enabled(if: ChildProcess.find("promtool") != nil))
    func `Prometheus accepts the expressions of a tenant's dashboard`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        #expect(Self.expressions.count >= 15)
        let rules = Self.expressions.enumerated().map { index, expression -> JSON in
            ["record": JSON("panel:\(index)"), "expr": JSON(expression)]
        }
        let path = try folder.write(
            "rules.yaml", YAML.write([["groups": [["name": "panels", "rules": .array(rules)]]]]))
        for installed in await InstalledPrometheus.all() {
            let outcome = try await ChildProcess.run(installed.promtool, ["check", "rules", path])
            #expect(outcome.code == 0, "\(installed): \(outcome.output)")
        }
    }
}
