import TestSupport
import Testing

@Suite("Story 3: send less", .withPrometheus)
struct SendLessStory {
    @Test(arguments: await InstalledPrograms.prometheuses)
    func `Two shards of two replicas share the targets, and send only wanted series with their tenant`(
        _ installed: InstalledPrometheus
    ) async throws {
        let receiver = try await RemoteWriteReceiver.start(tenantHeader: "X-Scope-OrgID")
        // With so many, the probability that all fall to one shard is 1 in 30,000.
        var targets: [Target] = []
        for _ in 0..<16 {
            targets.append(
                try await Target.start { _ in
                    """
                    go_goroutines 1
                    process_open_fds 1
                    kept{pod_template_hash="x"} 1
                    latency_bucket{namespace="dev",le="1"} 1
                    latency_bucket{namespace="prod",le="1"} 1
                    """
                })
        }
        try await Story.tell { story in
            var example = try Example("send-less")
            example.use(installed)
            example.hurry(scraping: targets)
            let rendered = try example.render()
            var network = try LoopbackNetwork(rendered)
            network.add("https://mimir.example.org", receiver.url)
            let shards = ["cluster-agent", "cluster-agent-shard-1"]
            for shard in shards {
                for replica in 0..<2 {
                    let pod = try Pod("StatefulSet", shard, ordinal: replica, of: rendered)
                    try await story.start(pod, installed.prometheus, network)
                }
            }
            let replicas = shards.map { shard in Set((0..<2).map { "\(shard)-\($0)" }) }
            try await waitUntil("each target's series arrive from both replicas of a shard", within: .seconds(40)) {
                self.senders(of: targets, receiver).allSatisfy { $0.count >= 2 }
            }
            try await waitUntil("the agents' own metrics arrive from each replica", within: .seconds(40)) {
                let own = receiver.received.filter { $0.labels["__name__"] == "up" && $0.labels["job"] == "agent" }
                return Set(own.map { $0.labels["__replica__"] ?? "" }) == replicas[0].union(replicas[1])
            }

            let senders = senders(of: targets, receiver)
            #expect(senders.allSatisfy { replicas.contains($0) }, "\(senders)")
            #expect(Set(senders) == Set(replicas))
            let received = receiver.received
            #expect(receiver.paths == ["/api/v1/push"])
            let tenants = Set(received.map(\.tenant))
            if installed.sendsHeaders {
                #expect(tenants == ["tenant-a"])
            } else {
                withKnownIssue(isIntermittent: true) { #expect(tenants == ["tenant-a"]) }
            }
            let labels = received.map(\.labels)
            #expect(labels.allSatisfy { $0["tenant"] == "tenant-a" && $0["cluster"] == "eu-1" })
            let names = Set(labels.compactMap { $0["__name__"] })
            #expect(!names.contains { $0.hasPrefix("go_") || $0.hasPrefix("process_") }, "\(names)")
            #expect(!labels.contains { $0["pod_template_hash"] != nil })
            let buckets = labels.filter { $0["__name__"] == "latency_bucket" }
            #expect(Set(buckets.map { $0["namespace"] }) == ["prod"])
        }
        for target in targets { await target.stop() }
        await receiver.stop()
    }

    /// The replicas that sent the series of each target.
    private func senders(of targets: [Target], _ receiver: RemoteWriteReceiver) -> [Set<String>] {
        let kept = receiver.received.filter { $0.labels["__name__"] == "kept" }
        return targets.map { target in
            Set(kept.filter { $0.labels["instance"] == target.address }.compactMap { $0.labels["__replica__"] })
        }
    }
}
