import ArgumentParser
import Kube
import Conversion
import Planning
import PlanningInput
import YAML

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Print our PrometheusAgent for prometheus-operator's agents in some files.",
        discussion: """
            Reads PrometheusAgent (monitoring.coreos.com/v1alpha1), and Prometheus (monitoring.coreos.com/v1) where that
            runs as an agent; other kinds are passed over, as agents take in monitors as they are. Objects go to standard
            output; what has no counterpart, or differs, to standard error as
            file:line:column: warning: what was found: what to do.
            Exit codes: 0 all are converted, 1 an object is no agent or a file cannot be read, 2 wrong usage.
            """)

    @Option(
        name: .short, parsing: .upToNextOption,
        help: ArgumentHelp("Files and folders with manifests; - is standard input.", valueName: "file|dir"))
    var f: [String]

    func run() throws {
        let manifests = Manifests(reading: f)
        manifests.problems.forEach(Output.error)
        var hasErrors = !manifests.problems.isEmpty
        var printed: [JSON] = []
        let found = manifests.entries.filter { AgentConversion.reads($0.object) }
        for entry in found {
            do throws(FieldError) {
                let conversion = try AgentConversion(entry.object)
                for finding in conversion.findings {
                    Output.error("\(entry.location(of: finding.field)): warning: \(entry.object): \(finding)")
                }
                printed.append(conversion.agent.json)
            } catch {
                Output.error("\(entry.location(of: error.path)): error: \(entry.object): \(error)")
                hasErrors = true
            }
        }
        if found.isEmpty, !hasErrors {
            Output.error("error: found no Prometheus or PrometheusAgent of monitoring.coreos.com in the files")
            hasErrors = true
        }
        if !printed.isEmpty { Output.text(YAML.write(printed)) }
        if hasErrors { throw ExitCode(1) }
    }
}
