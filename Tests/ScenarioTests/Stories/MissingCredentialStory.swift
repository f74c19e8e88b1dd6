import Kube
import TestSupport
import Testing
import TributaryAPI

@Suite("A remote write without credentials", .withPrometheus)
struct MissingCredentialStory {
    private static func agent() -> Object {
        let hurried: JSON = ["batchSendDeadline": "500ms", "maxBackoff": "1s"]
        return Object(
            PrometheusAgent.resource, namespace: "monitoring", name: "cluster",
            [
                "spec": [
                    "scrapeInterval": "1s",
                    "remoteWrite": [
                        [
                            "name": "guarded", "url": "https://guarded.example.org/write", "queueConfig": hurried,
                            "authorization": ["credentials": ["name": "guarded", "key": "token"]],
                        ],
                        ["name": "open", "url": "https://open.example.org/write", "queueConfig": hurried],
                    ],
                ]
            ])
    }

    @Test(arguments: await InstalledPrograms.prometheuses)
    func `A remote write without credentials delays no others, and sends its samples once it has them`(
        _ installed: InstalledPrometheus
    ) async throws {
        let target = try await Target.start { "scrape{number=\"\($0)\"} 1" }
        let open = try await RemoteWriteReceiver.start(tenantHeader: "Authorization")
        let guarded = try await RemoteWriteReceiver.start(tenantHeader: "Authorization")
        func numbers(_ receiver: RemoteWriteReceiver) -> Set<String> {
            Set(receiver.received.compactMap { $0.labels["number"] })
        }
        try await Story.tell { story in
            var example = Example([Self.agent()])
            example.use(installed)
            example.change("PrometheusAgent") { agent in
                agent["spec", "scrapeConfigs"] = [
                    ["job_name": "app", "static_configs": [["targets": [JSON(target.address)]]]]
                ]
            }
            let before = try example.render(expecting: [
                "error: PrometheusAgent monitoring/cluster: spec.remoteWrite[0].authorization.credentials: "
                    + "there is no Secret monitoring/guarded"
            ])
            var network = try LoopbackNetwork(before)
            network.add("https://open.example.org", open.url)
            network.add("https://guarded.example.org", guarded.url)
            var pod = try Pod("StatefulSet", "cluster-agent", of: before)
            try await story.start(pod, installed.prometheus, network)
            try await waitUntil("the other receiver gets its series", within: .seconds(40)) { numbers(open).count >= 3 }
            #expect(guarded.received.isEmpty)

            let earlier = numbers(open)
            example.add(
                Object(
                    .secrets, namespace: "monitoring", name: "guarded", ["stringData": ["token": "s3cret"]]))
            let after = try example.render()
            #expect(after.made == before.made, "pods and configuration stay the same")
            pod.rendered = after
            try pod.fillVolumes(in: story.directory, network)
            try await waitUntil("the earlier samples arrive", within: .seconds(40)) {
                numbers(guarded).isSuperset(of: earlier)
            }
            #expect(Set(guarded.received.map(\.tenant)) == ["Bearer s3cret"])
        }
        await target.stop()
        await open.stop()
        await guarded.stop()
    }
}
