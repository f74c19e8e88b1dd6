import Kube
import Testing

@testable import Observability

struct HealthTests {
    struct Broken: Error {}
    let failures = Locked<[String]>([])
    let health: Health

    init() {
        health = Health { [failures] _, name, error in failures.withLock { $0.append("\(name): \(error)") } }
    }

    @Test func `a process without checks is well`() {
        #expect(health.answer(path: "/healthz") == .init(status: 200, body: "ok"))
        #expect(health.answer(path: "/readyz", query: "verbose")?.body == "[+]ping ok\nreadyz check passed\n")
    }

    @Test func `one failed check fails the probe, names the check, and keeps the reason for the log`() {
        health.add("leader", to: .liveness) { throw Broken() }
        health.add("caches", to: .liveness) {}
        #expect(
            health.answer(path: "/healthz")
                == .init(status: 500, body: "[+]caches ok\n[-]leader failed: reason withheld\nhealthz check failed\n"))
        #expect(failures.withLock { $0 } == ["leader: Broken()"])
        #expect(health.answer(path: "/readyz")?.status == 200)
    }

    @Test func `a failing check can be left out, and a name that is none is pointed out`() {
        health.add("leader", to: .readiness) { throw Broken() }
        health.add("caches", to: .readiness) {}
        #expect(health.answer(path: "/readyz", query: "exclude=leader") == .init(status: 200, body: "ok"))
        #expect(
            health.answer(path: "/readyz/", query: "verbose=true&exclude=leader&exclude=nosuch")?.body == """
                [+]caches ok
                [+]leader excluded: ok
                warn: some health checks cannot be excluded: no matches for "nosuch"
                readyz check passed

                """)
    }

    @Test func `each check has its own path`() {
        health.add("leader", to: .readiness) { throw Broken() }
        health.add("caches", to: .readiness) {}
        #expect(health.answer(path: "/readyz/caches") == .init(status: 200, body: "ok"))
        #expect(health.answer(path: "/readyz/leader")?.status == 500)
        #expect(health.answer(path: "/readyz/nosuch")?.status == 404)
        #expect(health.answer(path: "/livez") == nil)
    }
}
