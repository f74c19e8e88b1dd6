import Kube
import TestSupport
import Testing

@Suite("Story 4: Thanos Receive", .withHeaders, .withThanos)
struct ThanosStory {
    /// The receivers of the example, with the hashring file that is published for them and a bucket in a folder.
    @Test func `Series of a hard tenant go to its hashring, and all others to the soft one`() async throws {
        let installed = try #require(await InstalledPrograms.prometheuses.last { $0.sendsHeaders })
        let target = try await Target.start { _ in "written 1" }
        try await Story.tell { story in
            var example = try Example("thanos")
            example.useBucket(of: story)
            let rendered = try example.render()
            let hashrings = ["hashring-0", "default"]
            let receivers = try hashrings.map { hashring in
                try (0..<3).map { try Pod("StatefulSet", "receive-\(hashring)", ordinal: $0, of: rendered) }
            }
            let network = try LoopbackNetwork(rendered, receivers.flatMap { $0 })
            for receiver in receivers.flatMap({ $0 }) {
                try await story.start(receiver, try #require(InstalledPrograms.thanos), network)
            }
            for receiver in receivers.flatMap({ $0 }) {
                let url = "\(try receiver.url(10902))/-/ready"
                try await eventually("\(receiver.name) is ready") { try await curl([url]).code == 200 }
            }

            // Each tenant's agent writes to any receiver.
            for tenant in ["tenant-a", "tenant-b", "sre"] {
                var agent = try example.agent(besideTenant: tenant)
                agent.use(installed)
                agent.hurry(scraping: [target])
                let pod = try Pod("StatefulSet", "\(tenant)-agent", of: try agent.render())
                try await story.start(pod, installed.prometheus, network)
            }
            try await eventually("every tenant's series are on two receivers of its hashring, and on no others") {
                var holders: [String: [Int]] = [:]
                for (index, hashring) in receivers.enumerated() {
                    for receiver in hashring {
                        for tenant in try await receiver.tenants() { holders[tenant, default: [0, 0]][index] += 1 }
                    }
                }
                for (tenant, counts) in holders where counts[tenant == "sre" ? 0 : 1] > 0 {
                    throw WaitingError(description: "\(tenant) is on the wrong hashring: \(holders)")
                }
                return holders.count == 3 && holders.values.allSatisfy { $0.contains { $0 >= 2 } }
            }
        }
        await target.stop()
    }
}
