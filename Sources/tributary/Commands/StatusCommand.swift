import ArgumentParser
import Explanations
import Kube
import KubeClient
import TributaryAPI

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Print on one screen what is wrong in a cluster, since when, and what to do.",
        usage: "tributary status [<options>]",
        discussion: """
            Reads the statuses of GlobalViews, Tenants and PrometheusAgents, each kind listed once. The cluster is that of \
            --kubeconfig, of $KUBECONFIG, or of ~/.kube/config.

            Exit codes: 0 if nothing is wrong, 1 if something is or the cluster cannot be read, 2 for wrong usage.
            """)

    @Option(help: ArgumentHelp("The kubeconfig file.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context. Defaults to the current context.", valueName: "name"))
    var context: String?

    @Option(help: ArgumentHelp("The only namespace to read. Defaults to all namespaces.", valueName: "name"))
    var namespace: String?

    @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The format.", valueName: "format"))
    var output: WhyCommand.Format = .text

    func run() async throws {
        if output == .json { Progress.shared.turnOff() }
        let namespace = namespace
        let objects = try await ClusterObjects.withClient(kubeconfig: kubeconfig, context: context) { client, _ in
            var objects: [Object] = []
            for kind in TributaryAPI.kinds {
                Progress.shared.step("reading \(kind.resource.plural)")
                objects += try await client.listAll(kind.resource, namespace: namespace).items
            }
            return objects
        }
        let report = StatusReport(objects, now: .now)
        switch output {
        case .text: Output.text(report.lines.map { Output.printable($0) + "\n" }.joined())
        case .json: Output.text(report.json.text(.init(indent: 2)) + "\n")
        }
        if report.isWrong { throw ExitCode.failure }
    }
}
