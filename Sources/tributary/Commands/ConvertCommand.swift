import ArgumentParser
import Kube
import Conversion
import Planning
import PlanningInput
import YAML

struct ConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert agents and central servers of prometheus-operator to Tributary's objects.",
        usage: "tributary convert -f <file|dir> ...",
        discussion: """
            Reads PrometheusAgent (monitoring.coreos.com/v1alpha1), and Prometheus (monitoring.coreos.com/v1) that runs \
            as an agent, which become PrometheusAgents. A Prometheus that receives remote writes becomes a GlobalView. \
            Ignores other kinds: monitors are selected as they are.

            Prints objects to standard output. Prints fields that differ or have no counterpart to standard error: \
            file:line:column: warning: what was found: what to do.

            Exit codes: 0 if all are converted, 1 if an object cannot be converted or a file cannot be read, 2 for \
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
                let (object, findings) = try Self.convert(manifest.object)
                for finding in findings {
                    Output.error("\(manifest.location(of: finding.field)): warning: \(manifest.object): \(finding)")
                }
                printed.append(object.json)
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

    private static func convert(_ object: Object) throws(FieldError) -> (Object, [ConversionFinding]) {
        if ServerConversion.reads(object) {
            let conversion = try ServerConversion(object)
            return (conversion.view, conversion.findings)
        }
        let conversion = try AgentConversion(object)
        return (conversion.agent, conversion.findings)
    }
}
