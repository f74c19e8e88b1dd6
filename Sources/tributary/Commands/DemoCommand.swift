import ArgumentParser
import FoundationEssentials
import Logging

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show how Tributary adds tenants and keeps a hashring up to date, on this machine.",
        usage: "tributary demo [<options>]",
        discussion: """
            Starts a small API server and the operator, applies examples/thanos, scales the receivers to 5, 2 and 3, and \
            makes one unready. Prints each change of the hashring file. Needs no cluster, and leaves nothing running.
            """)

    @Option(help: ArgumentHelp("The folder with the manifests to apply.", valueName: "folder"))
    var examples = "examples/thanos"

    func run() async throws {
        let kubeconfig = FileManager.default.temporaryDirectory
            .appending(path: "tributary-demo-\(UUID().uuidString).kubeconfig")
        defer { try? FileManager.default.removeItem(at: kubeconfig) }
        var logger = Logger(label: "tributary.demo")
        logger.logLevel = .error
        try await Playground.with(kubeconfig: kubeconfig.path(), logger: logger) { [examples, logger] playground in
            let demo = Demo(playground: playground, log: DemoLog(), logger: logger)
            try await playground.withOperator(logger: logger) { try await demo.run(examples) }
        }
        Output.text("\nThat was all; nothing is left running. To try it by hand: make playground\n")
    }
}
