#if canImport(Glibc)
import Glibc
#endif
import Kube
import KubeClient
import LocalCluster
import Logging
import TestSupport
import Testing
import TributaryAPI

@Suite struct `tributary run` {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `The command run without a readable kubeconfig prints one line and exits with 1`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let cases: [(name: String, text: String?, expected: String)] = [
            ("missing", nil, "missing"), ("malformed", "a: [", "malformed:2:1:"), ("empty", "", "empty"),
            ("nothing in it", "apiVersion: v1\nkind: Config\n", "nothing in it"),
            (
                "no such context", "apiVersion: v1\nkind: Config\ncurrent-context: prod\ncontexts: []\n", "prod"
            ),
        ]
        for (name, text, expected) in cases {
            if let text { try folder.write(name, text) }
            let outcome = try await Tool.run("run", "--kubeconfig", folder.path(name), "--metrics-bind-address", "0")
            #expect(outcome.code == 1, "\(name)")
            #expect(outcome.errorLines.count == 1, "\(outcome.errors)")
            #expect(outcome.errors.hasPrefix("error: "), "\(outcome.errors)")
            #expect(outcome.errors.contains(expected), "\(outcome.errors)")
            // No Swift value is printed as it is: Type(member: …).
            #expect(!outcome.errors.contains("KubeClientError") && !outcome.errors.contains("Optional("))
        }
    }

    @Test func `The command run waits for an API server that is down, and is ready once it is up`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let (port, probes) = (try freePort(), try freePort())
        let cluster = LocalCluster(options: .init(port: port))
        let kubeconfig = try folder.write(
            "kubeconfig", cluster.kubeconfig.replacing(":0\n", with: ":\(port)\n"))
        let operation = try ChildProcess(
            Checkout.tributary,
            ["run", "--kubeconfig", kubeconfig, "--no-leader-elect", "--metrics-bind-address", "127.0.0.1:\(probes)"],
            logPath: folder.path("log"))
        let probe = KubeClient(try ClusterConfiguration(server: "http://127.0.0.1:\(probes)"), logger: Self.quiet)
        func status(_ path: String) async -> Int? {
            do {
                return try await probe.raw(method: "GET", path: path).status
            } catch let error as APIStatus {
                return error.code
            } catch {
                return nil
            }
        }
        do {
            try await waitUntil("it is alive") { await status("/healthz") == 200 }
            try await waitUntil("it says that it cannot connect") { operation.log.contains("level=warn") }
            #expect(await status("/readyz") == 500)
            #expect(operation.isRunning)
            try await cluster.start()
            let client = KubeClient(try ClusterConfiguration(server: cluster.url), logger: Self.quiet)
            for definition in TributaryAPI.customResourceDefinitions {
                _ = try await client.apply(
                    .customResourceDefinitions, Object(definition), fieldManager: "test", force: true)
            }
            try await waitUntil("it is ready", within: .seconds(60)) { await status("/readyz") == 200 }
            operation.signal(SIGTERM)
            try await waitUntil("it ends") { !operation.isRunning }
            #expect(operation.exitStatus == 0)
            await client.shutdown()
        } catch {
            Issue.record("\(error)\n\(operation.log)")
        }
        await operation.stop()
        await probe.shutdown()
        await cluster.stop()
    }
}
