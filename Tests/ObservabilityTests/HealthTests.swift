import Kube
import Testing

@testable import Observability

@Suite("Health checks") struct HealthTests {
    struct Broken: Error {}
    let failures = Locked<[String]>([])
    let health: Health

    init() {
        health = Health { [failures] _, name, error in failures.withLock { $0.append("\(name): \(error)") } }
    }

    @Test func `A process without checks is healthy`() {
        #expect(health.response(path: "/healthz") == .init(status: 200, body: "ok"))
        #expect(health.response(path: "/readyz", query: "verbose")?.body == "[+]ping ok\nreadyz check passed\n")
    }

    @Test func `A failed check fails the probe, which names the check and withholds the reason`() {
        health.add("leader", to: .liveness) { throw Broken() }
        health.add("caches", to: .liveness) {}
        #expect(
            health.response(path: "/healthz")
                == .init(status: 500, body: "[+]caches ok\n[-]leader failed: reason withheld\nhealthz check failed\n"))
        #expect(failures.withLock { $0 } == ["leader: Broken()"])
        #expect(health.response(path: "/readyz")?.status == 200)
    }

    @Test func `A failing check can be excluded, and the response reports unknown names`() {
        health.add("leader", to: .readiness) { throw Broken() }
        health.add("caches", to: .readiness) {}
        #expect(health.response(path: "/readyz", query: "exclude=leader") == .init(status: 200, body: "ok"))
        #expect(
            health.response(path: "/readyz/", query: "verbose=true&exclude=leader&exclude=nosuch")?.body == """
                [+]caches ok
                [+]leader excluded: ok
                warn: some health checks cannot be excluded: no matches for "nosuch"
                readyz check passed

                """)
    }

    @Test func `Each check has its own path`() {
        health.add("leader", to: .readiness) { throw Broken() }
        health.add("caches", to: .readiness) {}
        #expect(health.response(path: "/readyz/caches") == .init(status: 200, body: "ok"))
        #expect(health.response(path: "/readyz/leader")?.status == 500)
        #expect(health.response(path: "/readyz/nosuch")?.status == 404)
        #expect(health.response(path: "/livez") == nil)
    }
}
