import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

/// What a tenant's status says about its series.
@Suite("The condition Receiving")
struct TenantReceivingTests {
    private static let view = ObjectKey(namespace: Scene.namespace, name: "main")

    private static func scene(_ view: String = Samples.prometheus) throws -> Scene {
        var scene = try Scene(view, Samples.tenant("tenant-a"))
        scene.snapshot.watchesDelivery = true
        return scene
    }

    private static func condition(_ status: JSON) -> String? {
        let found = (status["conditions"]?.array ?? []).first { $0["type"] == "Receiving" }
        return found.map { found in
            ["status", "reason", "message"].map { found[$0]?.string ?? "" }.joined(separator: " ")
        }
    }

    /// The status of the tenant, planned over a former one.
    private static func status(_ scene: Scene, over former: JSON = [:]) throws -> JSON {
        let key = PlanKey.tenant(ObjectKey(namespace: Scene.namespace, name: "tenant-a"))
        return try #require(Planner(scene.snapshot).plan(for: key, status: former).statuses.first?.status)
    }

    private static func finding(_ change: (inout SeriesFinding) -> Void) -> Change {
        var finding = SeriesFinding()
        change(&finding)
        return .series(view, finding)
    }

    private static let last = Timestamp("2026-11-30T08:12:00Z") ?? Scene.start

    @Test func `The status does not mention receiving without a cluster, and a former condition goes`() throws {
        var scene = try Self.scene()
        let former = try Self.status(scene)
        #expect(Self.condition(former) == "Unknown NotAsked the query API has not answered yet")
        scene.snapshot.watchesDelivery = false
        #expect(Self.condition(try Self.status(scene, over: former)) == nil)
    }

    @Test func `A tenant whose samples arrive says so and how many series it has`() throws {
        var scene = try Self.scene()
        let keys = scene.snapshot.take(Self.finding { $0.tenants = ["tenant-a": .receiving(series: 500), "x": nil] })
        #expect(keys == [.tenant(ObjectKey(namespace: Scene.namespace, name: "tenant-a"))])
        let status = try Self.status(scene)
        #expect(Self.condition(status) == "True SamplesArrive samples arrive")
        #expect(status["received"] == ["series": 500, "lastSample": "now"])
        // Told again, it concerns nobody.
        #expect(scene.snapshot.take(Self.finding { $0.tenants = ["tenant-a": .receiving(series: 500)] }) == [])
    }

    @Test func `A tenant that has gone silent says since when`() throws {
        var scene = try Self.scene()
        scene.snapshot.take(Self.finding { $0.tenants = ["tenant-a": .silent(lastSample: Self.last)] })
        let status = try Self.status(scene)
        #expect(
            Self.condition(status)
                == "False Silent no samples of scrape_samples_post_metric_relabeling arrive; the newest one is of "
                + "2026-11-30T08:12:00Z")
        #expect(status["received"] == ["series": 0, "lastSample": "2026-11-30T08:12:00Z"])
        #expect(scene.plan(tenant: "tenant-a").isSilent)
    }

    @Test func `An operator that has just started leaves the condition as it is until it knows more`() throws {
        var scene = try Self.scene()
        scene.snapshot.take(Self.finding { $0.tenants = ["tenant-a": .receiving(series: 500)] })
        let sending = try Self.status(scene)
        scene.snapshot.take(Self.finding { $0.tenants = ["tenant-a": .silent(lastSample: Self.last)] })
        let silent = try Self.status(scene)

        scene.snapshot.take(Self.finding { $0.replaces = true })
        #expect(Self.condition(try Self.status(scene, over: sending)) == Self.condition(sending))
        #expect(try Self.status(scene, over: sending)["received"] == sending["received"])
        #expect(try Self.status(scene, over: silent) == silent)

        let keys = scene.snapshot.take(Self.finding { $0.othersAbsentSince = Scene.start })
        #expect(keys.count == 1, "all tenants of the view")
        #expect(Self.condition(try Self.status(scene, over: sending))?.hasSuffix("of before \(Scene.start)") == true)
        #expect(try Self.status(scene, over: silent) == silent)
        #expect(
            Self.condition(try Self.status(scene))
                == "Unknown NothingFound found no sample of scrape_samples_post_metric_relabeling with tenant=\"tenant-a\""
        )
    }

    @Test func `A view that does not say who sends makes the condition Receiving unknown, with the reason`() throws {
        var scene = try Self.scene()
        scene.snapshot.take(Self.finding { $0.tenants = ["tenant-a": .receiving(series: 500)] })
        scene.snapshot.take(Self.finding { $0.problem = "no answer from query" })
        #expect(
            Self.condition(try Self.status(scene))
                == "Unknown QueryFailed the query API of GlobalView \"main\" fails: no answer from query")
        scene.snapshot.take(Self.finding { _ in })
        #expect(Self.condition(try Self.status(scene)) == "True SamplesArrive samples arrive")
    }

    @Test func `One question is for all tenants of a view, at the query API that shows all of them`() throws {
        let question = try #require(try Self.scene().plan(view: "main").seriesQuestion)
        #expect(question.url == "http://main-prometheus.observability.svc:9090" && question.label == "tenant")
        #expect(
            question.expression
                == #"label_replace(sum by (tenant) (scrape_samples_post_metric_relabeling{tenant!=""}), "#
                + #""tributary_figure", "series", "", "") or "#
                + #"label_replace(max by (tenant) (timestamp(scrape_samples_post_metric_relabeling{tenant!=""})), "#
                + #""tributary_figure", "last", "", "")"#)
        // Of a Mimir that wants a tenant in each request, no query shows all of them.
        let mimir = try Self.scene(Samples.external)
        #expect(mimir.plan(view: "main").seriesQuestion == nil)
        #expect(Self.condition(try Self.status(mimir))?.hasPrefix("Unknown NotAsked the query API") == true)
    }
}
