import ArgumentParser
import FoundationEssentials
import Kube
import KubeClient
import LocalCluster
import Logging
import Operator
import TributaryAPI
import UnixSignals

struct LocalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "Run a small Kubernetes API server on this machine, to try things out with kubectl.",
        discussion: """
            It listens on loopback only, holds everything in memory, asks nobody who they are, and does not run the CEL
            rules of custom resources. Tributary's CRDs are there from the start, and those of prometheus-operator's
            ServiceMonitors, PodMonitors, Probes and ScrapeConfigs, which check nothing here; with --operator the operator
            runs, too.
            Ctrl-C ends it.
            """)

    @Option(help: "The port; a free one where absent.")
    var port = 0

    @Option(help: "Write a kubeconfig to this file.")
    var writeKubeconfig: String?

    @Option(
        name: .short, parsing: .upToNextOption,
        help: ArgumentHelp("Apply these files and folders at the start.", valueName: "file|dir"))
    var f: [String] = []

    @Flag(name: .customLong("operator"), help: "Run the operator as well.")
    var runsOperator = false

    func run() async throws {
        let local = LocalCluster(options: .init(port: port))
        do {
            try await local.start()
        } catch {
            Output.error("error: cannot listen on 127.0.0.1:\(port): \(error)")
            throw ExitCode(1)
        }
        let path = try writeKubeconfig(of: local)
        let configuration = try ClusterConfiguration.load(kubeconfig: path)
        let client = KubeClient(configuration, logger: Logger(label: "tributary.local"))
        let playground = Playground(client: client)
        var isGood = true
        do {
            try await playground.applyDefinitions()
            isGood = try await playground.apply(f)
        } catch {
            Output.error("error: \(error)")
            isGood = false
        }
        guard isGood else {
            await client.shutdown()
            await local.stop()
            throw ExitCode(1)
        }
        Output.text("The API server is ready at \(local.url).\n\n  export KUBECONFIG=\(path)\n  \(suggestion)\n\n")
        Output.text("It runs until Ctrl-C.\n")
        var logger = Logger(label: "tributary")
        logger.logLevel = .warning
        let tributary = Operator(client: client, logger: logger)
        await withTaskGroup(of: Void.self) { group in
            if runsOperator { group.addTask { try? await tributary.run() } }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
            }
            // The signal, since the operator ends only when it is cancelled.
            await group.next()
            group.cancelAll()
        }
        await client.shutdown()
        await local.stop()
    }

    private var suggestion: String {
        runsOperator ? "kubectl get globalviews,tenants,prometheusagents --all-namespaces" : "kubectl api-resources"
    }

    private func writeKubeconfig(of local: LocalCluster) throws -> String {
        let path = writeKubeconfig ?? "\(FileManager.default.temporaryDirectory.path())tributary-local.kubeconfig"
        do {
            try Data(local.kubeconfig.utf8).write(to: URL(filePath: path))
        } catch {
            Output.error("error: \(path): the kubeconfig cannot be written")
            throw ExitCode(1)
        }
        return path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }
}
