import ArgumentParser
import Kube
import Planning
import PlanningInput
import TributaryAPI
import YAML

struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Print the manifests that the operator would apply, without a cluster.",
        usage: "tributary render -f <file|dir> ... [<options>]",
        discussion: """
            Reads custom resources, and the objects that they refer to: StatefulSets are the receivers that hashrings \
            adopt; agents select monitors and Namespaces and use Secrets and ConfigMaps. Agents of prometheus-operator \
            are converted as by tributary convert. Ignores other kinds, and names files in which there is nothing else.

            Prints manifests to standard output, and findings to standard error: file:line:column: error|warning: what \
            was found.
            """)

    /// The formats of the output.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml, json, config
    }

    @Option(
        name: .short, parsing: .upToNextOption,
        help: ArgumentHelp("The files and folders with manifests. - is standard input.", valueName: "file|dir"))
    var f: [String]

    @Option(
        help: ArgumentHelp(
            """
            Print only what to apply in this tenant's cluster: a PrometheusAgent and, behind a gateway, the Secret with its \
            credential, with --show-secrets and from a Secret among the files.
            """, valueName: "name"))
    var tenant: String?

    @Option(
        name: [.short, .customLong("output")],
        help: ArgumentHelp(
            "The format. config prints only the Prometheus configuration of each shard of each agent.",
            valueName: "format"))
    var output: Format = .yaml

    @Option(
        help: ArgumentHelp(
            "The image of the reload side-car, for agents that need it and do not name one.", valueName: "image"))
    var reloaderImage: String?

    @OptionGroup var monitors: MonitorGroupOptions

    @Flag(help: "Print the values of Secrets instead of ***.")
    var showSecrets = false

    func validate() throws {
        guard tenant == nil || output != .config else {
            throw ValidationError("-o config: cannot be combined with --tenant, which prints a PrometheusAgent")
        }
    }

    func run() throws {
        if output == .json { Progress.shared.turnOff() }
        let manifestFiles = ManifestFiles(reading: f)
        manifestFiles.problems.forEach(Output.error)
        var offline = OfflineSnapshot(convertsAgents: true, reloaderImage: reloaderImage, group: monitors.group)
        offline.add(manifestFiles)
        for line in offline.passedOver.lines { Output.error(Output.printable(line)) }
        var hasErrors = !manifestFiles.problems.isEmpty || offline.hasErrors
        let planner = Planner(offline.snapshot)
        let objects: [Object]
        var files: [AgentConfigurationFile] = []
        if let tenant {
            do {
                objects = try planner.manifests(forTenant: tenant, needsCredential: showSecrets)
            } catch let diagnostic as Diagnostic {
                throw CommandFailure(line: "\(offline.location(of: diagnostic)): \(diagnostic)")
            }
        } else {
            let keys = offline.snapshot.planKeys
            let plan = planner.plan { Progress.shared.step("planning \($0) of \(keys.count): \(keys[$0 - 1])") }
            for (line, isError) in offline.findings(of: plan) {
                hasErrors = hasErrors || isError
                Output.error(line)
            }
            objects = plan.objects
            if output == .config { files = planner.configurations(in: plan) }
        }
        let printed = objects.map { showSecrets ? $0.json : $0.redacted.json }
        switch output {
        case .yaml: Output.text(YAML.write(printed))
        case .json:
            let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(printed)]
            Output.text(list.text(.init(indent: 2)) + "\n")
        case .config:
            Output.text(files.map { $0.text(showsSecrets: showSecrets) }.joined(separator: "---\n"))
            if files.isEmpty, !hasErrors {
                Output.error("error: found no PrometheusAgent in the files; expected one for -o config")
                hasErrors = true
            }
        }
        if hasErrors { throw ExitCode.failure }
    }
}

extension AgentConfigurationFile {
    /// The file as a YAML document, after a comment that names the agent and the shard.
    fileprivate func text(showsSecrets: Bool) -> String {
        // A comment ends with the line, whatever is in the namespace.
        let name = agent.description.filter { !$0.isNewline }
        return "# PrometheusAgent \(name), shard \(shard) of \(shards)\n"
            + YAML.write(showsSecrets ? content : redacted)
    }
}

extension Object {
    /// The object, with `***` for the values of a Secret.
    fileprivate var redacted: Object {
        guard kind == Resource.secrets.kind, apiVersion == Resource.secrets.apiVersion else { return self }
        var result = self
        for member in ["data", "stringData"] {
            guard let values = json[member]?.object else { continue }
            result.json[member] = .object(values.mapValues { _ in "***" })
        }
        return result
    }
}
