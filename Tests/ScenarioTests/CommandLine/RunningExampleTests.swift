import Kube
import KubeClient
import Logging
import TestSupport
import Testing
import TributaryAPI

/// The program as it is installed, when `TRIBUTARY_BIN` names an optimized build: see `make test-release`.
@Suite(
    "The program with an example", .enabled(if: Program.path != nil, "tributary is not found: set TRIBUTARY_BIN"),
    .timeLimit(.minutes(3)))
struct RunningExampleTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// The folders with custom resources.
    private static let examples: [String] = {
        let files = (try? Checkout.list("examples")) ?? []
        let folders = files.filter { path in
            path.hasSuffix(".yaml") && (try? Checkout.read(path))?.contains("apiVersion: tributary.dev/") == true
        }.compactMap { $0.split(separator: "/").dropFirst().first.map(String.init) }
        return Set(folders).sorted()
    }()

    @Test(arguments: examples)
    func `The operator gives each custom resource of an example a status, and goes on running`(name: String)
        async throws
    {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let kubeconfig = folder.path("kubeconfig")
        let program = try ChildProcess(
            try #require(Program.path),
            ["local", "--operator", "--write-kubeconfig", kubeconfig, "-f", "\(Checkout.root)/examples/\(name)"],
            logPath: folder.path("log"))
        do {
            try await waitUntil("it is ready", within: .seconds(60)) {
                program.log.contains("It runs until Ctrl-C.")
            }
            let cluster = try ClusterConfiguration.load(kubeconfig: kubeconfig, context: nil, environment: [:])
            let client = KubeClient(cluster, logger: Self.quiet)
            defer { Task { await client.shutdown() } }
            try await waitUntil("each custom resource says whether it is ready", within: .seconds(60)) {
                guard program.isRunning else { throw WaitingError(description: "the program has ended") }
                var objects: [Object] = []
                for kind in TributaryAPI.kinds { objects += try await client.listAll(kind.resource).items }
                return !objects.isEmpty && objects.allSatisfy { Scenario.condition("Ready", of: $0) != nil }
            }
        } catch {
            Issue.record("\(error)\n\(program.log)")
        }
        #expect(program.isRunning)
        await program.stop()
    }
}
