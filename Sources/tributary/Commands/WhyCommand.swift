import ArgumentParser
import Explanations
import Kube
import PrometheusConfig

struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract:
            "Explain why a monitor makes no targets, where a tenant's series get lost, and why a receiver is in no hashring.",
        usage: "tributary why <kind> <namespace/name> [-f <file|dir> ...] [<options>]",
        discussion: """
            For a monitor: which agents select it, and for each that does not, which label or namespace is in the way; which \
            Services, pods and ports it finds, and where it finds none, the nearest miss. For a tenant: the way of its \
            series from its agents to its datasource, and where that breaks. For a receiver, given as a pod or as its address \
            in hashrings: which hashring has it, or what keeps it out.

            Reads files with -f, else the cluster of --kubeconfig, of $KUBECONFIG, or of ~/.kube/config. Lists each kind \
            once and writes nothing.

              tributary why servicemonitor shop/api -f manifests/
              tributary why tenant observability/tenant-a
              tributary why receiver observability/thanos-receive-2

            Exit codes: 0 if the monitor makes targets, the tenant's series come through, or the receiver is in a hashring; 1 \
            if not or if there is no such object, 2 for wrong usage.
            """)

    /// What can be explained.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case servicemonitor, podmonitor, probe, scrapeconfig, tenant, receiver

        /// The kind of monitor; nil for a tenant or a receiver.
        var monitor: MonitorKind? { MonitorKind.ofAgents.first { $0.rawValue.lowercased() == rawValue } }
    }

    /// The formats of the output.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Argument(help: ArgumentHelp("The kind of the object.", valueName: "kind"))
    var kind: Kind

    @Argument(
        help: ArgumentHelp(
            "The namespace and name of the object; of a receiver its pod, or its address.", valueName: "namespace/name")
    )
    var object: String

    @OptionGroup var source: SourceOptions

    @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The format.", valueName: "format"))
    var output: Format = .text

    func validate() throws { _ = kind == .receiver ? try receiver.description : try key.description }

    private var key: ObjectKey {
        get throws {
            let parts = object.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
                throw ValidationError("\"\(object)\": should be a namespace and a name, such as shop/api")
            }
            return ObjectKey(namespace: String(parts[0]), name: String(parts[1]))
        }
    }

    private var receiver: ReceiverName {
        get throws {
            guard let name = ReceiverName(object) else {
                throw ValidationError(
                    "\"\(object)\": should be the namespace and name of a pod, such as observability/receive-0, or an address, "
                        + "such as receive-0.receive.observability.svc.cluster.local:10901")
            }
            return name
        }
    }

    func run() async throws {
        if output == .json { Progress.shared.turnOff() }
        let objects = try await ExplainedObjects(source, hasReceivers: kind == .receiver)
        Progress.shared.step("explaining \(object)")
        let found: Explanation?
        let name: String
        let names: [String]
        if let monitor = kind.monitor {
            let explainer = MonitorExplanation(objects.snapshot, objects.targets)
            (found, name, names) = (explainer.explain(monitor, try key), monitor.rawValue, explainer.names(monitor))
        } else if kind == .receiver {
            let explainer = ReceiverExplanation(objects.snapshot, objects.receivers)
            (found, name, names) = (explainer.explain(try receiver), "receiver", explainer.names)
        } else {
            let explainer = TenantExplanation(objects.snapshot, isComplete: objects.isComplete)
            (found, name, names) = (explainer.explain(try key), "Tenant", explainer.names)
        }
        guard let found else {
            let place = objects.isComplete ? "the cluster" : "the files"
            throw CommandFailure(
                line: "error: there is no \(name) \(object) in \(place)\(Nearest.question(object, among: names))")
        }
        switch output {
        case .text: Output.text(found.lines.map { Output.printable($0) + "\n" }.joined())
        case .json: Output.text(found.json.text(.init(indent: 2)) + "\n")
        }
        if !found.works { throw ExitCode.failure }
    }
}
