import Kube
import Planning
import PlanningInput
import TestSupport

#if canImport(Glibc)
import Glibc
#endif

/// Measures how long the plan of a global view with a gateway takes, when one tenant has got another credential.
enum GatewayPlanning {
    private static let rounds = 20

    static func run(tenants count: Int, _ report: Report) throws {
        Progress.say("plans of a gateway with \(count) tenants")
        var fleet = try GatewayFleet(tenants: count, url: "http://127.0.0.1:9")
        var plan = fleet.plan()
        guard !GatewayFleet.secrets(plan).isEmpty else {
            throw WaitingError(description: "there is no plan: \(plan.diagnostics)")
        }
        fleet.observe(plan)
        var samples = Samples()
        var changed = 0
        for round in 0..<rounds {
            fleet.give(round, .write, GatewayFleet.token(count + round, .write))
            let began = threadTime
            let next = fleet.plan()
            samples.add(threadTime - began)
            changed += zip(plan.objects, next.objects).count { $0 != $1 }
            plan = next
        }
        report.set("plan of a gateway's view, \(count) tenants, median of CPU time", .local, samples.median, atMost: 60)
        report.set("objects that another credential of one tenant changes", .local, count: Double(changed / rounds))
    }

    /// The CPU time of this thread: other load on the machine does not count.
    private static var threadTime: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
