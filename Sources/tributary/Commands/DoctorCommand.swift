import ArgumentParser
import Explanations
import FoundationEssentials
import Kube

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Examine a cluster and the installation in it: permissions, definitions, clocks, servers, images.",
        usage: "tributary doctor [<options>]",
        discussion: """
            Each line is ok, a note, a warning or an error: what was found, and below it what to do. It only reads, and asks \
            the API server for permissions. Servers that are only reached from within the cluster are asked where this \
            runs in a pod: kubectl exec -n tributary-system deploy/tributary -- tributary doctor

            The cluster is that of --kubeconfig, of $KUBECONFIG, of the pod's ServiceAccount, or of ~/.kube/config.

            Exit codes: 0 if all is well, 1 for warnings, 2 for errors or wrong usage.
            """)

    @Option(help: ArgumentHelp("The kubeconfig file.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context. Defaults to the current context.", valueName: "name"))
    var context: String?

    @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The format.", valueName: "format"))
    var output: WhyCommand.Format = .text

    func run() async throws {
        if output == .json { Progress.shared.turnOff() }
        let report: CheckReport
        do {
            report = try await ClusterObjects.withClient(kubeconfig: kubeconfig, context: context) { client, _ in
                // A kubeconfig is of anywhere; without one, a pod is in its own cluster.
                let environment = ProcessInfo.processInfo.environment
                let isInside =
                    kubeconfig == nil && context == nil && environment["KUBECONFIG"]?.isEmpty != false
                    && environment["KUBERNETES_SERVICE_HOST"]?.isEmpty == false
                return await Doctor(client: client, isInside: isInside, progress: .shared).examine()
            }
        } catch {
            Output.error(Output.printable("error: \(error)"))
            throw ExitCode(2)
        }
        switch output {
        case .text: Output.text(report.lines.map { Output.printable($0) + "\n" }.joined())
        case .json: Output.text(report.json.text(.init(indent: 2)) + "\n")
        }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }
}
