import Kube
import TestSupport
import Testing

/// Everything that a global view runs around an object storage, with the rendered arguments: receivers upload, Store Gateways
/// serve, the Compactor compacts, and Query Frontends answer.
@Suite("Story 4: the object storage of Thanos", .withThanos)
struct ObjectStorageStory {
    private static let space = "observability.svc.cluster.local"

    @Test func `Blocks in a folder are uploaded, served, compacted and queried`() async throws {
        try await Story.tell { story in
            let folder = story.directory.path("bucket")
            try await Self.play("{type: FILESYSTEM, config: {directory: \(folder)}}", story)
        }
    }

    @Test(.withS3Server) func `Blocks in S3 are uploaded, served, compacted and queried`() async throws {
        try await Story.tell { story in
            let address = try await story.startS3(bucket: "metrics")
            try await Self.play(
                """
                {type: S3, config: {bucket: metrics, endpoint: "\(address)", insecure: true, access_key: a, \
                secret_key: b, region: us-east-1}}
                """, story)
        }
    }

    /// The example with one receiver and all parts.
    private static func example(_ storage: String) throws -> Example {
        var example = try Example("thanos-managed")
        example.remove("Tenant")
        example.change("Secret", "thanos-objectstorage") { $0["stringData", "thanos.yaml"] = JSON(storage) }
        example.change("GlobalView") { view in
            view["spec", "gateway"] = ["replicas": 1]
            view["spec", "thanos", "replicationFactor"] = 1
            view["spec", "thanos", "hashrings"] = [["name": "default", "soft": true, "replicas": 1]]
            view["spec", "thanos", "outOfOrderTimeWindow"] = "4h"
            view["spec", "thanos", "store"] = ["hashShards": 2, "bucketCache": ["size": "10Mi"]]
            view["spec", "thanos", "compactor"] = ["retention": ["raw": "30d"], "deduplicate": true]
            view["spec", "thanos", "queryFrontend"] = [:]
        }
        return example
    }

    private static func play(_ storage: String, _ story: Story) async throws {
        let thanos = try #require(InstalledPrograms.thanos)
        let rendered = try example(storage).render()
        let receiver = try Pod("StatefulSet", "main-receive-default", of: rendered)
        let stores = try (0..<2).map { try Pod("StatefulSet", "main-store-\($0)of2", of: rendered) }
        let compactor = try Pod("StatefulSet", "main-compact", of: rendered)
        let queriers = try ["main-query", "main-query-tenants"].map { try Pod("Deployment", $0, of: rendered) }
        let frontends = try ["main-query-frontend", "main-query-frontend-tenants"].map {
            try Pod("Deployment", $0, of: rendered)
        }
        var network = try LoopbackNetwork(rendered, [receiver, compactor] + stores + queriers + frontends)
        network.add("dnssrv+_grpc._tcp.main-receive-default.\(space)", try receiver.address(10901))
        for (index, store) in stores.enumerated() {
            network.add("dnssrv+_grpc._tcp.main-store-\(index)of2.\(space)", try store.address(10901))
        }
        func start(_ pod: Pod) async throws -> ChildProcess {
            let process = try await story.start(pod, thanos, network)
            try await QueryAPI.untilReady("\(try pod.url(10902))/-/ready", process)
            return process
        }

        // Samples that are older than what caches leave out, uploaded when the receiver ends.
        let time = WriteRequest.now - 600_000
        let receiving = try await start(receiver)
        for tenant in ["a", "b"] {
            try await eventually("\(tenant) writes") {
                try await RemoteWriter.write(
                    [["__name__": "written", "by": tenant]], to: "\(try receiver.url(19291))/api/v1/receive", at: time,
                    headers: ["THANOS-TENANT: \(tenant)"], story
                ).code == 200
            }
        }
        await receiving.stop(patience: .seconds(90))

        for store in stores { _ = try await start(store) }
        try await eventually("each block is in one of the Store Gateways", within: .seconds(60)) {
            var loaded: [Double] = []
            for store in stores { loaded += [try await metric("thanos_bucket_store_blocks_loaded", of: store) ?? 0] }
            return loaded.reduce(0, +) == 2
        }
        for pod in queriers + frontends { _ = try await start(pod) }
        try await eventually("operators read the series of all tenants", within: .seconds(60)) {
            try await read(frontends[0], at: time) == ["a", "b"]
        }
        try await checkWalls(between: ["a", "b"], at: frontends[1], time)

        _ = try await start(compactor)
        try await eventually("the Compactor has looked at all blocks", within: .seconds(60)) {
            try await metric("thanos_compact_iterations_total", of: compactor) ?? 0 >= 1
        }
        #expect(try await metric("thanos_compact_halted", of: compactor) == 0)
    }

    /// One tenant's answers are cached, and no other tenant gets them, although it asks the same.
    private static func checkWalls(between tenants: [String], at frontend: Pod, _ time: UInt64) async throws {
        for round in 0..<3 {
            for tenant in tenants {
                try await eventually("\(tenant) reads its own series, round \(round)", within: .seconds(60)) {
                    let found = try await read(frontend, at: time, as: tenant)
                    guard Set(found).isSubset(of: [tenant]) else {
                        throw WaitingError(description: "\(tenant) reads \(found)")
                    }
                    return found == [tenant]
                }
            }
        }
        let hits = try await frontend.metrics().filter { $0.hasPrefix("cortex_cache_hits_total{") }
        let count = hits.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
        #expect(count > 0, "nothing comes from the cache, so this test shows nothing: \(hits)")
        #expect(try await read(frontend, at: time) == [], "who says no tenant reads nothing")
    }

    /// Who wrote the series that a range query finds.
    private static func read(_ frontend: Pod, at time: UInt64, as tenant: String? = nil) async throws -> [String] {
        let seconds = time / 1000
        let answer = try await curl(
            [
                "-G", "\(try frontend.url(10902))/api/v1/query_range", "-d", "query=written",
                "-d", "start=\(seconds - 60)", "-d", "end=\(seconds + 120)", "-d", "step=30",
            ] + (tenant.map { ["-H", "THANOS-TENANT: \($0)"] } ?? []))
        return (answer.json["data", "result"]?.array ?? []).compactMap { $0["metric", "by"]?.string }.sorted()
    }

    private static func metric(_ name: String, of pod: Pod) async throws -> Double? {
        let line = try await pod.metrics().first { $0.hasPrefix("\(name) ") }
        return line?.split(separator: " ").last.flatMap { Double($0) }
    }
}
