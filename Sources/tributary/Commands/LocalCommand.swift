import ArgumentParser
import FoundationEssentials
import Logging
import UnixSignals

struct LocalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "local",
        abstract: "Run a small Kubernetes API server on this machine, to try things with kubectl.",
        usage: "tributary local [<options>]",
        discussion: """
            The server listens on loopback only, keeps all objects in memory, does not authenticate clients, and does \
            not run the CEL rules of custom resources. It has the definitions of Tributary's custom resources, and of \
            the ServiceMonitors, PodMonitors, Probes and ScrapeConfigs of prometheus-operator, which it accepts \
            unchecked.

            Ctrl-C ends it.
            """)

    @Option(help: ArgumentHelp("The port. 0 stands for any free port.", valueName: "port"))
    var port = 0

    @Option(help: ArgumentHelp("Write the kubeconfig to this file.", valueName: "file"))
    var writeKubeconfig: String?

    @Option(
        name: .short, parsing: .upToNextOption,
        help: ArgumentHelp("Apply these files and folders at the start.", valueName: "file|dir"))
    var f: [String] = []

    @Flag(name: .customLong("operator"), help: "Run the operator, too.")
    var runsOperator = false

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port \(port): should be from 0 to 65535") }
    }

    func run() async throws {
        let path = writeKubeconfig ?? "\(FileManager.default.temporaryDirectory.path())tributary-local.kubeconfig"
        try await Playground.with(port: port, kubeconfig: path, logger: Logger(label: "tributary.local")) {
            playground in
            try await playground.applyDefinitions()
            guard try await playground.apply(f) else { throw ExitCode.failure }
            let absolute = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
            Output.text("The API server is ready at \(playground.url).\n\n")
            Output.text("  export KUBECONFIG=\(absolute)\n  \(suggestion)\n\nIt runs until Ctrl-C.\n")
            guard runsOperator else { return await Self.waitForSignal() }
            var logger = Logger(label: "tributary")
            logger.logLevel = .warning
            try await playground.withOperator(logger: logger) { await Self.waitForSignal() }
        }
    }

    private static func waitForSignal() async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
    }

    private var suggestion: String {
        runsOperator ? "kubectl get globalviews,tenants,prometheusagents --all-namespaces" : "kubectl api-resources"
    }
}
