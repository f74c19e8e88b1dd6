#if canImport(Glibc)
import Glibc
#endif
import Kube
import Planning
import PlanningInput
import Testing
import YAML

/// The plans of a few small snapshots, as files that people can review.
@Suite("Golden files")
struct GoldenTests {
    private static let folder: String = {
        // The sources may be reached through a link; the files are beside the real one.
        let resolved = realpath(#filePath, nil)
        defer { free(resolved) }
        let path = resolved.map { String(cString: $0) } ?? #filePath
        return path.split(separator: "/").dropLast().reduce(into: "") { $0 += "/\($1)" } + "/Golden"
    }()

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[0..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Compares objects with a file; with `UPDATE_GOLDEN=1` writes it.
    private static func compare(_ objects: [Object], _ name: String) throws {
        let path = "\(folder)/\(name).yaml"
        let text = YAML.write(objects.map(\.json))
        if getenv("UPDATE_GOLDEN") != nil {
            let file = try #require(fopen(path, "w"), "cannot write \(path)")
            fputs(text, file)
            fclose(file)
        }
        #expect(read(path) == text, "\(path) is out of date: UPDATE_GOLDEN=1 swift test --filter GoldenTests")
    }

    @Test func `A tenant gets the objects in tenant.yaml`() throws {
        let scene = try Scene(
            Samples.prometheus,
            Samples.tenant("tenant-a", "{id: acme, read: {alsoSees: [shared], allowFrom: [{namespace: grafana}]}}"))
        try Self.compare(scene.plan(tenant: "tenant-a").objects, "tenant")
    }

    @Test func `A gateway gets the objects in gateway.yaml, besides its Secrets`() throws {
        let objects = try Scene(Samples.gateway).plan().objects.filter {
            $0.name.contains("gateway") && $0.kind != "Secret"
        }.map { object in
            // One Secret for each part, most of which need no review.
            var object = object
            if let sources = object.json["spec", "template", "spec", "volumes"]?[0]?["projected", "sources"]?.array {
                var volumes = object.json["spec", "template", "spec", "volumes"]?.array ?? []
                volumes[0]["projected", "sources"] = .array(Array(sources.prefix(2)))
                object.json["spec", "template", "spec", "volumes"] = .array(volumes)
                object.json["spec", "template", "metadata", "annotations", "tributary.dev/gateway-script"] = "hash"
            }
            return object
        }
        try Self.compare(objects, "gateway")
    }

    @Test func `The Thanos example results in the hashring file in hashrings.yaml`() throws {
        var scene = try Scene()
        let example =
            "\(Self.folder.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/\($1)" })/examples/thanos"
        for name in ["20-receive-hashring-0", "21-receive-default", "40-globalview", "50-tenants"] {
            let text = try #require(Self.read("\(example)/\(name).yaml"), "no \(example)/\(name).yaml")
            for object in try YAML.parse(text).map({ Object($0.value) }) {
                guard ["GlobalView", "Tenant", "StatefulSet"].contains(object.kind) else { continue }
                try scene.add(object)
            }
        }
        let objects = scene.planner.plan().objects.filter { $0.json["data", "hashrings.json"] != nil }
        try Self.compare(objects, "hashrings")
    }

    @Test func `An agent gets the objects in agent.yaml`() throws {
        let plan = try AgentPlannerTests.scene().plan(agent: "cluster")
        // The decoded configuration, since nobody can review Base64.
        let objects = try plan.objects.map { object in
            var object = object
            if object.kind == "Secret" {
                object.json["data"] = nil
                object.json["stringData"] = [
                    "prometheus.yaml": JSON(YAML.write(try AgentPlannerTests.configuration(plan)))
                ]
            }
            return object
        }
        try Self.compare(objects, "agent")
    }
}
