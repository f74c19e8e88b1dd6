import ArgumentParser
import Kube
import Planning
import PlanningInput
import TributaryAPI
import YAML

struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Print the manifests that the operator would apply for the custom resources in some files.",
        discussion: """
            No cluster is asked. Manifests go to standard output, findings to standard error as
            file:line:column: error|warning: what was found. StatefulSets in the files stand for the receivers that
            hashrings adopt; monitors, Namespaces, Secrets and ConfigMaps for those that agents select and need.
            prometheus-operator's PrometheusAgent, and its Prometheus where that runs as an agent, stand for what convert
            makes of them. Other kinds are passed over.
            """)

    /// How manifests are printed.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml, json, config
    }

    @Option(
        name: .short, parsing: .upToNextOption,
        help: ArgumentHelp("Files and folders with manifests; - is standard input.", valueName: "file|dir"))
    var f: [String]

    @Option(help: "Print only the PrometheusAgent for this tenant's cluster, ready to be applied there.")
    var tenant: String?

    @Option(
        name: [.short, .customLong("output")],
        help: "yaml or json; or config: only the configuration file of each shard of each agent.")
    var output: Format = .yaml

    @Option(help: "The image with the reload command, for agents that need it and name none.")
    var reloaderImage: String?

    @Flag(help: "Print the values in Secrets; else they are replaced by ***.")
    var showSecrets = false

    func validate() throws {
        guard tenant == nil || output != .config else {
            throw ValidationError("-o config: has nothing to print with --tenant, which prints a PrometheusAgent")
        }
    }

    func run() throws {
        let manifests = Manifests(reading: f)
        manifests.problems.forEach(Output.error)
        var offline = OfflineSnapshot(convertsAgents: true, reloaderImage: reloaderImage)
        offline.add(manifests)
        var hasErrors = !manifests.problems.isEmpty || offline.hasErrors
        let planner = Planner(offline.snapshot)
        let objects: [Object]
        var files: [AgentConfigurationFile] = []
        if let tenant {
            do {
                objects = [try planner.agentManifest(forTenant: tenant)]
            } catch let diagnostic as Diagnostic {
                Output.error("\(offline.location(of: diagnostic)): \(diagnostic)")
                throw ExitCode(1)
            } catch {
                Output.error("error: \(error)")
                throw ExitCode(1)
            }
        } else {
            let plan = planner.plan()
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
                Output.error("error: found no PrometheusAgent in the files, whose configuration would be printed")
                hasErrors = true
            }
        }
        if hasErrors { throw ExitCode(1) }
    }
}

extension AgentConfigurationFile {
    /// The file as a YAML document that says whose it is.
    fileprivate func text(showsSecrets: Bool) -> String {
        // A comment is one line, whatever a file takes for a namespace.
        let name = agent.description.filter { !$0.isNewline }
        return "# PrometheusAgent \(name), shard \(shard) of \(shards)\n"
            + YAML.write(showsSecrets ? content : redacted)
    }
}

extension Object {
    /// This object with the values of a Secret replaced.
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
