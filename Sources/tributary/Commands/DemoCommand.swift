import ArgumentParser
import FoundationEssentials
import Kube
import KubeClient
import LocalCluster
import Logging
import Operator

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show tenants come on and a hashring follow its receivers, on a small API server on this machine.",
        discussion: """
            Starts the API server and the operator, applies examples/thanos, scales the receivers 3, 5, 2, and makes one
            unready. Prints each change of the hashring file as it happens. Needs no cluster and leaves nothing running.
            """)

    @Option(help: "The folder with the manifests to show.")
    var examples = "examples/thanos"

    func run() async throws {
        let local = LocalCluster()
        try await local.start()
        let folder = FileManager.default.temporaryDirectory.appending(path: "tributary-demo-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let kubeconfig = folder.appending(path: "kubeconfig").path()
        try Data(local.kubeconfig.utf8).write(to: URL(filePath: kubeconfig))
        var quiet = Logger(label: "tributary.demo")
        quiet.logLevel = .error
        // Client and operator find the API server by kubeconfig and talk HTTP, as they would with a real cluster.
        let configuration = try ClusterConfiguration.load(kubeconfig: kubeconfig)
        let client = KubeClient(configuration, logger: quiet)
        let tributary = Operator(client: client, logger: quiet)
        let operation = Task { try await tributary.run() }
        let demo = Demo(client: client, log: DemoLog(), logger: quiet)
        let watching = Task { await demo.watch() }
        var failure: (any Error)?
        do {
            try await demo.play(examples)
        } catch {
            failure = error
        }
        watching.cancel()
        await watching.value
        operation.cancel()
        _ = try? await operation.value
        await client.shutdown()
        await local.stop()
        try? FileManager.default.removeItem(at: folder)
        if let failure {
            Output.error("error: \(failure)")
            throw ExitCode(1)
        }
        Output.text("\nThat was all; nothing is left running. To try it by hand: make playground\n")
    }
}
