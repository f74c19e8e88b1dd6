import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Hashrings that replace others")
struct HashringSuccessionTests {
    /// The members of the first entry that matches a tenant; nil if none matches.
    private static func serving(_ tenant: String, _ text: String?) throws -> [String]? {
        let hashrings = try text.map { try JSON(parsing: $0).array ?? [] } ?? []
        let hashring = hashrings.first { hashring in
            guard let tenants = hashring["tenants"]?.array else { return true }
            return tenants.contains { $0.string == tenant }
        }
        return hashring.map { hashring in
            (hashring["endpoints"]?.array ?? []).compactMap { $0.string }.map { String($0.prefix { $0 != "." }) }
        }
    }

    private static func pods(_ hashring: String, _ count: Int) -> [String] {
        (0..<count).map { "main-receive-\(hashring)-\($0)" }
    }

    private static let renamed = Samples.managed.replacing("name: hashring-0", with: "name: hashring-a")
    private static let moved = Samples.tenant("tenant-a", "{hashring: hashring-a}")

    @Test func `A renamed hashring serves once its receivers are ready, and the old one serves until then`() throws {
        var running = try ManagedHashringTests.running()
        running.startsReady = false
        try running.scene.add(Self.renamed)
        try running.scene.add(Self.moved)
        try running.settle()
        // The new receivers start; the tenant stays, and so does the old StatefulSet.
        #expect(running.replicas("main-receive-hashring-a") == 3)
        #expect(running.replicas("main-receive-hashring-0") == 3)
        #expect(try Self.serving("tenant-a", running.published) == Self.pods("hashring-0", 3))
        #expect(try running.plan.readiness(of: "main") == "False MembersPending")
        #expect(
            try running.plan.status(of: "main")["hashrings"]?.array?.map { $0["name"] } == [
                "hashring-a", "default", "hashring-0",
            ])

        // One file moves the tenant; the old receivers are removed once every pod has loaded it.
        try running.becomeReady()
        try running.settle()
        #expect(try Self.serving("tenant-a", running.published) == Self.pods("hashring-a", 3))
        #expect(running.replicas("main-receive-hashring-0") == 3)
        #expect(try running.plan.readiness(of: "main") == "False ScaleDownWaiting")
        #expect(
            try running.plan.condition("Reconciling", of: "main").message.hasPrefix(
                "main-receive-hashring-0 stays until"))
        running.load()
        running.pass(10)
        try running.settle()
        #expect(running.replicas("main-receive-hashring-0") == nil)
        #expect(running.replicas("main-receive-hashring-a") == 3)
    }

    @Test func `A removed hashring serves the tenants that name it, until they name another one`() throws {
        var running = try ManagedHashringTests.running()
        try running.scene.add(Self.renamed)
        try running.settle()
        running.load()
        running.pass(3600)
        try running.settle()
        #expect(try Self.serving("tenant-a", running.published) == Self.pods("hashring-0", 3))
        #expect(running.replicas("main-receive-hashring-0") == 3)
        #expect(
            try running.plan.condition("Reconciling", of: "main").message
                == "hashring \"hashring-0\" stays until tenant-a has another hashring")
        try running.scene.add(Self.moved)
        try running.settle()
        #expect(try Self.serving("tenant-a", running.published) == Self.pods("hashring-a", 3))
    }

    @Test func `A renamed soft hashring leaves no tenant without a hashring`() throws {
        var running = try ManagedHashringTests.running()
        running.startsReady = false
        try running.scene.add(Samples.managed.replacing("name: default", with: "name: river"))
        try running.settle()
        #expect(try Self.serving("anybody", running.published) == Self.pods("default", 5))
        try running.becomeReady()
        try running.settle()
        #expect(try Self.serving("anybody", running.published) == Self.pods("river", 5))
        #expect(running.replicas("main-receive-default") == 5)
        running.load()
        running.pass(10)
        try running.settle()
        #expect(running.replicas("main-receive-default") == nil)
    }

    @Test func `A soft hashring that becomes hard serves all tenants until another soft one is ready`() throws {
        var running = try ManagedHashringTests.running()
        running.startsReady = false
        try running.scene.add(
            Samples.managed.replacing("      soft: true\n", with: "") + "\n    - {name: river, soft: true, replicas: 3}"
        )
        try running.scene.add(Samples.tenant("tenant-b", "{hashring: default}"))
        try running.settle()
        #expect(try Self.serving("anybody", running.published) == Self.pods("default", 5))
        #expect(try Self.serving("tenant-b", running.published) == Self.pods("default", 5))
        try running.becomeReady()
        try running.settle()
        #expect(try Self.serving("anybody", running.published) == Self.pods("river", 3))
        #expect(try Self.serving("tenant-b", running.published) == Self.pods("default", 5))
        #expect(try running.plan.hashringNames() == ["hashring-0", "default", "river"])
    }

    @Test func `A managed hashring replaces an adopted one all at once`() throws {
        let adopted = Samples.managed.replacing(
            "      replicas: 5",
            with: "      adopt: {selector: {matchLabels: {controller.receive.thanos.io/hashring: default}}}")
        var running = try RunningReceivers(adopted, ManagedHashringTests.hard)
        try running.scene.receivers("default", replicas: 2, ready: 2)
        try running.settle()
        #expect(
            try Self.serving("anybody", running.published) == Self.pods("default", 2).map { String($0.dropFirst(5)) })
        running.startsReady = false
        try running.scene.add(Samples.managed)
        try running.settle()
        #expect(try Self.serving("anybody", running.published) == ["receive-default-0", "receive-default-1"])
        try running.becomeReady()
        try running.settle()
        #expect(try Self.serving("anybody", running.published) == Self.pods("default", 5))
        #expect(running.replicas("receive-default") == 2)
    }

    @Test func `An adopted hashring replaces a managed one, whose receivers are removed last`() throws {
        var running = try ManagedHashringTests.running()
        try running.scene.receivers("default", replicas: 2, ready: 1, pods: 2, unreadySince: Scene.start)
        try running.scene.add(
            Samples.managed.replacing(
                "      replicas: 5",
                with: "      adopt: {selector: {matchLabels: {controller.receive.thanos.io/hashring: default}}}"))
        try running.settle()
        #expect(try Self.serving("anybody", running.published) == Self.pods("default", 5))
        try running.scene.receivers("default", replicas: 2, ready: 2)
        try running.settle()
        #expect(try Self.serving("anybody", running.published) == ["receive-default-0", "receive-default-1"])
        #expect(running.replicas("main-receive-default") == 5)
        running.load()
        running.pass(10)
        try running.settle()
        #expect(running.replicas("main-receive-default") == nil)
        // The routers stay while any hashring is managed.
        #expect(running.plan.names.contains("Deployment main-receive"))
    }

    @Test func `A new hashring with missing receivers serves after leaveAfter with those that are ready`() throws {
        var running = try ManagedHashringTests.running()
        running.startsReady = false
        try running.scene.add(Self.renamed)
        try running.scene.add(Self.moved)
        try running.settle()
        try running.becomeReady(["main-receive-hashring-a-0", "main-receive-hashring-a-2"])
        running.pass(299)
        try running.settle()
        #expect(try Self.serving("tenant-a", running.published) == Self.pods("hashring-0", 3))
        #expect(running.plan.recheckAfter == .seconds(1))
        running.pass(1)
        try running.settle()
        #expect(
            try Self.serving("tenant-a", running.published) == [
                "main-receive-hashring-a-0", "main-receive-hashring-a-2",
            ])
    }

    @Test func `A tenant moves to a new hashring once that can serve it`() throws {
        var running = try RunningReceivers(Samples.managed)
        try running.settle()
        running.startsReady = false
        try running.scene.add(Samples.managed + "\n    - {name: ring-b, replicas: 2}")
        try running.scene.add(Samples.tenant("tenant-b", "{hashring: ring-b}"))
        try running.settle()
        #expect(try Self.serving("tenant-b", running.published) == Self.pods("default", 5))
        try running.becomeReady()
        try running.settle()
        #expect(try Self.serving("tenant-b", running.published) == Self.pods("ring-b", 2))
    }

    @Test func `A renamed hashring that never becomes ready leaves the old one, also when it is renamed back`()
        throws
    {
        var running = try ManagedHashringTests.running()
        let before = running.published
        running.startsReady = false
        try running.scene.add(Self.renamed)
        try running.scene.add(Self.moved)
        try running.settle()
        try running.scene.add(Samples.managed)
        try running.scene.add(ManagedHashringTests.hard)
        try running.settle()
        #expect(running.published == before)
        // No tenant ever wrote to the new one.
        #expect(running.replicas("main-receive-hashring-0") == 3)
        running.load()
        running.pass(10)
        try running.settle()
        #expect(running.replicas("main-receive-hashring-a") == nil)
    }
}
