import ArgumentParser
import Explanations
import Kube
import PrometheusConfig

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explain why a monitor makes targets or none, and where a tenant's series get lost.",
        usage: "tributary why <kind> <namespace/name> [-f <file|dir> ...] [<options>]",
        discussion: """
            For a monitor: which agents select it, and for each that does not, which label or namespace is in the way; which \
            Services, pods and ports it finds, and where it finds none, the nearest miss. For a tenant: the way of its \
            series from its agents to its datasource, and where that breaks.

            Reads files with -f, else the cluster of --kubeconfig, of $KUBECONFIG, or of ~/.kube/config. Lists each kind \
            once and writes nothing.

              tributary why servicemonitor shop/api -f manifests/
              tributary why tenant observability/tenant-a

            Exit codes: 0 if the monitor makes targets or the tenant's series come through, 1 if not or if there is no such \
            object, 2 for wrong usage.
            """)

    /// What can be explained.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case servicemonitor, podmonitor, probe, scrapeconfig, tenant

        /// The kind of monitor; nil for a tenant.
        var monitor: MonitorKind? { MonitorKind.ofAgents.first { $0.rawValue.lowercased() == rawValue } }
    }

    /// The formats of the output.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Argument(help: ArgumentHelp("The kind of the object.", valueName: "kind"))
    var kind: Kind

    @Argument(help: ArgumentHelp("The namespace and name of the object.", valueName: "namespace/name"))
    var object: String

    @OptionGroup var source: SourceOptions

    @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The format.", valueName: "format"))
    var output: Format = .text

    func validate() throws { _ = try key }

    private var key: ObjectKey {
        get throws {
            let parts = object.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
                throw ValidationError("\"\(object)\": should be a namespace and a name, such as shop/api")
            }
            return ObjectKey(namespace: String(parts[0]), name: String(parts[1]))
        }
    }

    func run() async throws {
        if output == .json { Progress.shared.turnOff() }
        let objects = try await ExplainedObjects(source)
        Progress.shared.step("explaining \(object)")
        let key = try key
        let found: Explanation?
        let name: String
        let names: [String]
        if let monitor = kind.monitor {
            let explainer = MonitorExplanation(objects.snapshot, objects.targets)
            (found, name, names) = (explainer.explain(monitor, key), monitor.rawValue, explainer.names(monitor))
        } else {
            let explainer = TenantExplanation(objects.snapshot, isComplete: objects.isComplete)
            (found, name, names) = (explainer.explain(key), "Tenant", explainer.names)
        }
        guard let found else {
            let place = objects.isComplete ? "the cluster" : "the files"
            throw CommandFailure(
                line: "error: there is no \(name) \(key) in \(place)\(Nearest.question("\(key)", among: names))")
        }
        switch output {
        case .text: Output.text(found.lines.map { Output.printable($0) + "\n" }.joined())
        case .json: Output.text(found.json.text(.init(indent: 2)) + "\n")
        }
        if !found.works { throw ExitCode.failure }
    }
}
