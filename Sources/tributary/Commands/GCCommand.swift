import ArgumentParser
import Kube
import KubeClient
import Operator

struct GCCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "Delete what Tributary made in a cluster and nobody needs any more, or list it.",
        usage: "tributary gc [--dry-run] [<options>]",
        discussion: """
            An object is left over if the custom resource that it was made for does not exist, or if no plan for that has \
            the object. Only objects are looked at that have Tributary's label, that its field manager has applied, and \
            that name their owner. Objects without an owner are listed and stay: somebody asked to keep them. Volume \
            claims are not looked at.

            Use the version of the operator, and its --monitoring-group: another one may plan other objects. Plans are \
            made from all namespaces, also if objects of one are looked at. The cluster is that of --kubeconfig, of \
            $KUBECONFIG, or of ~/.kube/config.

            Exit codes: 0 if nothing is left over or all of it is deleted, 1 if something is or stays, 2 for an error or \
            wrong usage.
            """)

    @Flag(help: "List what would be deleted, and delete nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("The kubeconfig file.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context. Defaults to the current context.", valueName: "name"))
    var context: String?

    @Option(
        help: ArgumentHelp("The namespace whose objects are looked at. Defaults to all namespaces.", valueName: "name"))
    var namespace: String?

    @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The format.", valueName: "format"))
    var output: WhyCommand.Format = .text

    @OptionGroup var monitors: MonitorGroupOptions

    func run() async throws {
        if output == .json { Progress.shared.turnOff() }
        let (group, namespace) = (monitors.group, namespace)
        let outcome: (leftovers: Leftovers, entries: [Entry])
        do {
            outcome = try await ClusterObjects.withClient(kubeconfig: kubeconfig, context: context) { client, _ in
                let leftovers = try await Leftovers(in: client, namespace: namespace, monitorGroup: group) {
                    Progress.shared.step($0)
                }
                return (leftovers, try await entries(leftovers, client))
            }
        } catch {
            Output.error(Output.printable("error: \(error)"))
            throw ExitCode(2)
        }
        outcome.leftovers.problems.forEach { Output.error(Output.printable("error: \($0)")) }
        switch output {
        case .text: Output.text(Self.lines(outcome.entries).map { Output.printable($0) + "\n" }.joined())
        case .json:
            let json: JSON = [
                "leftovers": .array(outcome.entries.map(\.json)),
                "problems": .array(outcome.leftovers.problems.map { JSON($0) }),
            ]
            Output.text(json.text(.init(indent: 2)) + "\n")
        }
        if !outcome.leftovers.problems.isEmpty { throw ExitCode(2) }
        if outcome.entries.contains(where: { $0.state != .deleted }) { throw ExitCode.failure }
    }

    private func entries(_ leftovers: Leftovers, _ client: KubeClient) async throws -> [Entry] {
        var entries: [Entry] = []
        for (index, leftover) in leftovers.all.enumerated() {
            var entry = Entry(leftover: leftover, state: leftover.isDeletable ? .leftOver : .kept)
            if !dryRun, leftover.isDeletable {
                Progress.shared.step("deleting \(index + 1) of \(leftovers.all.count)")
                entry.state = try await Leftovers.delete(leftover, in: client) ? .deleted : .changed
            }
            entries.append(entry)
        }
        return entries
    }

    /// An object, and what becomes of it.
    private struct Entry {
        enum State: String {
            case leftOver = "left over"
            case kept, deleted
            case changed = "changed meanwhile"
        }

        var leftover: Leftovers.Leftover
        var state: State

        var line: String {
            let why =
                switch leftover.reason {
                case .ownerGone: "\(leftover.owner ?? "its owner") does not exist"
                case .notPlanned: "no plan for \(leftover.owner ?? "its owner") has it"
                case .orphaned: "it names no owner: somebody asked to keep it; delete it with kubectl"
                }
            return "\(state.rawValue): \(leftover.object.apiVersion) \(leftover.object): \(why)"
        }

        var json: JSON {
            let json: JSON = [
                "apiVersion": JSON(leftover.object.apiVersion), "kind": JSON(leftover.object.kind),
                "namespace": leftover.object.namespace.map { JSON($0) } ?? .null, "name": JSON(leftover.object.name),
                "reason": JSON(leftover.reason.rawValue), "owner": leftover.owner.map { JSON($0) } ?? .null,
                "state": JSON(state.rawValue),
            ]
            return json.droppingNulls
        }
    }

    private static func lines(_ entries: [Entry]) -> [String] {
        entries.isEmpty ? ["nothing is left over"] : entries.map(\.line)
    }
}
