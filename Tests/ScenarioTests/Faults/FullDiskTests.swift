#if canImport(Glibc)
import Glibc
#endif
import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

/// Files that do not fit. Of the program's commands, `crds` and `local` write files, `reload` copies some, and the others print.
@Suite("Full disks", .timeLimit(.minutes(5))) struct FullDiskTests {
    private static let reason = "cannot be written: No space left on device"

    @Test(arguments: [
        ["render", "-f", "examples/thanos"], ["render", "-o", "json", "-f", "examples/thanos"],
        ["graph", "-f", "examples/thanos"], ["convert", "-f", "Tests/Fixtures/prometheus-operator/agent.yaml"],
        ["crds"],
        ["version"],
    ])
    func `A command whose output does not fit says so and exits with 1`(arguments: [String]) async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let paths = arguments.map { $0.contains("/") ? "\(Checkout.root)/\($0)" : $0 }
        let child = try ChildProcess(
            Checkout.tributary, paths, logPath: "/dev/full", errorPath: folder.path("errors"))
        try await waitUntil("it ends") { !child.isRunning }
        #expect(child.exitStatus == 1 << 8)
        let errors = try TemporaryDirectory.read(folder.path("errors"))
        #expect(errors.hasSuffix("error: /dev/full: \(Self.reason)\n"), "\(errors)")
    }

    @Test(.enabled("where a small disk can be mounted (as root)") { await SmallDisk.isPossible() })
    func `A file that does not fit leaves the one before as it is, and nothing beside it`() async throws {
        let disk = try await SmallDisk()
        let file = "\(disk.path)/tributary.dev_globalviews.yaml"
        try TemporaryDirectory.write(Array("good\n".utf8), to: file)
        let definitions = try await Tool.run("crds", "--output", disk.path)
        #expect(definitions.code == 1)
        #expect(definitions.errors == "error: \(file): \(Self.reason)\n")
        #expect(try TemporaryDirectory.read(file) == "good\n")

        let kubeconfig = "\(disk.path)/kubeconfig"
        try TemporaryDirectory.write(Array("good\n".utf8), to: kubeconfig)
        try disk.fill()
        let local = try await Tool.run("local", "--write-kubeconfig", kubeconfig)
        #expect(local.code == 1)
        #expect(local.errors == "error: \(kubeconfig): \(Self.reason)\n")
        #expect(try TemporaryDirectory.read(kubeconfig) == "good\n")
        #expect(TemporaryDirectory.names(in: disk.path).filter { $0.hasSuffix(".new") } == [])
        await disk.remove()
    }

    @Test(.enabled("where a small disk can be mounted (as root)") { await SmallDisk.isPossible() })
    func `The reload side-car keeps the configuration that fits, and writes the next one when there is room`()
        async throws
    {
        let disk = try await SmallDisk()
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        func mount(_ text: String, version: Int) throws {
            try folder.mount([("prometheus.yaml", Array(text.utf8))], as: "config", version: version)
        }
        let small = "global: {external_labels: {version: first}}\n"
        try mount(small, version: 1)
        let output = "\(disk.path)/prometheus.yaml"
        let reload = try ChildProcess(
            Checkout.tributary, ["reload", "--config-dir", folder.path("config"), "--output-dir", disk.path],
            logPath: folder.path("log"))
        do {
            try await waitUntil("the first one is there") { (try? TemporaryDirectory.read(output)) == small }
            let large = "# " + String(repeating: "large ", count: 20_000) + "\n" + small
            try mount(large, version: 2)
            try await waitUntil("it says why it is not") {
                reload.log.contains("cannot write \(disk.path)/.prometheus.yaml.new: No space left on device")
            }
            #expect(try TemporaryDirectory.read(output) == small)
            #expect(TemporaryDirectory.names(in: disk.path) == ["prometheus.yaml"])
            try mount(small + "# second\n", version: 3)
            try await waitUntil("the one that fits is there") {
                try TemporaryDirectory.read(output) == small + "# second\n"
            }
        } catch {
            Issue.record("\(error)\n\(reload.log)")
        }
        await reload.stop()
        #expect(reload.exitStatus == 0)
        await disk.remove()
    }

    @Test func `A server whose log or output is on a full disk works on`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let kubeconfig = folder.path("kubeconfig")
        let server = try ChildProcess(
            Checkout.tributary, ["local", "--write-kubeconfig", kubeconfig], logPath: "/dev/full",
            errorPath: folder.path("errors"))
        try await waitUntil("the kubeconfig is there") { TemporaryDirectory.exists(kubeconfig) }
        let operation = try ChildProcess(
            Checkout.tributary, ["run", "--kubeconfig", kubeconfig, "--metrics-bind-address", "0"],
            logPath: "/dev/full")
        let cluster = try ClusterConfiguration.load(kubeconfig: kubeconfig, context: nil, environment: [:])
        let client = KubeClient(cluster, logger: quiet)
        do {
            try await Manifests.waitForDefinitions(client)
            let objects: [(Resource, String, JSON)] = [
                (
                    GlobalView.resource, "main",
                    ["external": ["writeURL": "https://m.example.org/push", "queryURL": "https://m.example.org"]]
                ), (Tenant.resource, "tenant-a", ["globalViewRef": ["name": "main"], "read": [:]]),
            ]
            for (resource, name, spec) in objects {
                try await client.apply(
                    resource, Object(resource, namespace: "default", name: name, ["spec": spec]),
                    fieldManager: "kubectl", force: true)
            }
            try await waitUntil("the tenant has its proxy") {
                try await client.list(.deployments, namespace: "default").items.contains { $0.name == "tenant-a-read" }
            }
        } catch {
            Issue.record(error)
        }
        await client.shutdown()
        await operation.stop()
        #expect(operation.exitStatus == 0)
        await server.stop()
        #expect(server.exitStatus == 1 << 8)
        #expect(try TemporaryDirectory.read(folder.path("errors")).hasSuffix("error: /dev/full: \(Self.reason)\n"))
    }
}
