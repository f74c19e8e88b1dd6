import ArgumentParser
import Kube
import Conversion
import Planning
import PlanningInput
import YAML

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert agents of prometheus-operator to Tributary's PrometheusAgent.",
        usage: "tributary convert -f <file|dir> ...",
        discussion: """
            Reads PrometheusAgent (monitoring.coreos.com/v1alpha1), and Prometheus (monitoring.coreos.com/v1) that runs \
            as an agent. Ignores other kinds: agents select monitors as they are.

            Prints objects to standard output. Prints fields that differ or have no counterpart to standard error: \
            file:line:column: warning: what was found: what to do.

            Exit codes: 0 if all agents are converted, 1 if an object is not an agent or a file cannot be read, 2 for \
            wrong usage.
            """)

    @Option(
        name: .short, parsing: .upToNextOption,
        help: ArgumentHelp("The files and folders with manifests. - is standard input.", valueName: "file|dir"))
    var f: [String]

    func run() throws {
        let files = ManifestFiles(reading: f)
        files.problems.forEach(Output.error)
        var hasErrors = !files.problems.isEmpty
        var printed: [JSON] = []
        let agents = files.manifests.filter { AgentConversion.reads($0.object) }
        for manifest in agents {
            do throws(FieldError) {
                let conversion = try AgentConversion(manifest.object)
                for finding in conversion.findings {
                    Output.error("\(manifest.location(of: finding.field)): warning: \(manifest.object): \(finding)")
                }
                printed.append(conversion.agent.json)
            } catch {
                Output.error("\(manifest.location(of: error.path)): error: \(manifest.object): \(error)")
                hasErrors = true
            }
        }
        if agents.isEmpty, !hasErrors {
            Output.error("error: found no Prometheus or PrometheusAgent of monitoring.coreos.com in the files")
            hasErrors = true
        }
        if !printed.isEmpty { Output.text(YAML.write(printed)) }
        if hasErrors { throw ExitCode.failure }
    }
}
