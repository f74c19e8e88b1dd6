import Kube
import Planning
import PlanningInput
import Testing

@Suite("Large moves of series")
struct LargeMoveTests {
    private static let view = """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 1}
        spec:
          thanos:
            query: {url: "http://thanos-query.observability.svc:9090"}
            writeURL: http://thanos-receive.observability.svc:19291/api/v1/receive
            hashrings:
            - name: default
              soft: true
              adopt: {selector: {matchLabels: {controller.receive.thanos.io/hashring: default}}}
              membership: {maxMove: 40%}
        """

    /// A view whose hashring has three members, and whose StatefulSet has some ready receivers.
    private static func scene(ready: Int) throws -> Scene {
        var scene = try Scene(view)
        try scene.receivers("default", replicas: 3, ready: 3)
        try scene.publish(scene.plan())
        try scene.receivers("default", replicas: ready, ready: ready)
        return scene
    }

    private static func annotate(_ scene: inout Scene, _ value: String) throws {
        var view = try #require(scene.snapshot.globalViews[Scene.key("main")])
        view.metadata.annotations = [Names.allowMoveAnnotation: value]
        scene.snapshot.take(.globalView(view.metadata.key, Boxed(view)))
    }

    /// The permission that the message of a plan asks for.
    private static func permission(_ plan: Plan) throws -> String {
        let message = try #require(plan.messages.first)
        return String(message.split(separator: "=", maxSplits: 1).last ?? "")
    }

    @Test func `A change that would move too many series waits, and says how to let it go on`() throws {
        let plan = try Self.scene(ready: 6).plan()
        #expect(try plan.members(of: "default").count == 3)
        #expect(plan.messages.count == 1)
        let message = try #require(plan.messages.first)
        #expect(
            message.hasPrefix(
                "warning: GlobalView observability/main: spec.thanos.hashrings[0].membership.maxMove: hashring \"default\" "
                    + "keeps its 3 members, since 3 that join would move 5"), "\(message)")
        #expect(message.contains("% of its series, more than 40%; to let it happen, annotate the GlobalView with "))
        #expect(try plan.readiness(of: "main") == "False MoveHeld")
        let pending = try plan.status(of: "main")["hashrings"]?[0]?["pending"]
        #expect(pending?.array?.compactMap { $0["pod"]?.string } == (3..<6).map { "receive-default-\($0)" })
        #expect(pending?[0]?["reason"] == "MoveLimited")
    }

    @Test func `The annotation lets exactly that change go on, and is a warning afterwards`() throws {
        var scene = try Self.scene(ready: 6)
        try Self.annotate(&scene, try Self.permission(scene.plan()))
        let plan = scene.plan()
        #expect(try plan.members(of: "default").count == 6)
        #expect(plan.messages == [])
        try scene.publish(plan)
        let after = scene.plan()
        #expect(after.diagnostics.map(\.reason) == ["MoveNotPending"])
        #expect(try after.readiness(of: "main").hasPrefix("True"))
    }

    @Test func `A permission for another change lets nothing happen`() throws {
        var scene = try Self.scene(ready: 6)
        try Self.annotate(&scene, try Self.permission(scene.plan()))
        try scene.receivers("default", replicas: 7, ready: 7)
        let plan = scene.plan()
        #expect(try plan.members(of: "default").count == 3)
        #expect(plan.diagnostics.map(\.reason) == ["MoveHeld", "MoveNotPending"])
    }

    @Test func `Receivers that come one by one count together, and one permission lasts for all`() throws {
        var scene = try Self.scene(ready: 3)
        try scene.receivers("default", replicas: 6, ready: 4)
        let held = scene.plan()
        #expect(try held.members(of: "default").count == 3)
        #expect(held.diagnostics.map(\.reason) == ["MoveHeld"])
        #expect(held.messages.first?.contains("since 3 that join would move 5") == true, "\(held.messages)")
        try Self.annotate(&scene, try Self.permission(held))
        for ready in 4...6 {
            try scene.receivers("default", replicas: 6, ready: ready)
            let plan = scene.plan()
            #expect(try plan.members(of: "default").count == ready)
            #expect(plan.messages == [], "\(ready)")
            try scene.publish(plan)
        }
        #expect(scene.plan().diagnostics.map(\.reason) == ["MoveNotPending"])
    }

    @Test func `A receiver that is lost counts alone, and does not wait for others to come`() throws {
        var scene = try Scene(Self.view.replacing("maxMove: 40%", with: "maxMove: 30%, leaveAfter: 1s"))
        try scene.receivers("default", replicas: 5, ready: 5)
        try scene.publish(scene.plan())
        scene.removeReceivers("default")
        try scene.receivers("default", replicas: 5, ready: 4, pods: 5)
        scene.pass(hours: 1)
        let plan = scene.plan()
        #expect(try plan.members(of: "default").count == 4, "\(plan.messages)")
    }

    @Test func `A change that shrinks below the limit goes on by itself`() throws {
        var scene = try Self.scene(ready: 6)
        try scene.receivers("default", replicas: 4, ready: 4)
        scene.removeReceivers("default")
        try scene.receivers("default", replicas: 4, ready: 4)
        let plan = scene.plan()
        #expect(try plan.members(of: "default").count == 4)
        #expect(plan.messages == [])
    }

    @Test func `Without maxMove, and for the first members, nothing waits`() throws {
        var scene = try Scene(Self.view.replacing("      membership: {maxMove: 40%}", with: ""))
        try scene.receivers("default", replicas: 3, ready: 3)
        try scene.publish(scene.plan())
        try scene.receivers("default", replicas: 9, ready: 9)
        #expect(try scene.plan().members(of: "default").count == 9)
        var first = try Scene(Self.view)
        try first.receivers("default", replicas: 9, ready: 9)
        #expect(try first.plan().members(of: "default").count == 9)
    }

    @Test func `The estimate of a new file is the one that maxMove goes by`() throws {
        var scene = try Scene(Self.view.replacing("maxMove: 40%", with: "maxMove: 60%"))
        try scene.receivers("default", replicas: 3, ready: 3)
        let before = scene.plan()
        try scene.publish(before)
        let file = try before.object("ConfigMap", "main-hashrings")
        let view = try #require(scene.snapshot.globalViews[Scene.key("main")])
        #expect(HashringMoves.lines(of: view, from: file, in: scene.snapshot) == [])
        // The receivers are not there yet.
        try scene.receivers("default", replicas: 6, ready: 3)
        let lines = HashringMoves.lines(of: view, from: file, in: scene.snapshot)
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        #expect(
            line.hasPrefix("GlobalView observability/main: hashring \"default\": 3 that join would move 5"), "\(line)")
        #expect(line.hasSuffix(" % of its series (estimated; maxMove is 60%)"), "\(line)")
        #expect(HashringMoves.lines(of: view, from: nil, in: scene.snapshot) == [])
    }
}
