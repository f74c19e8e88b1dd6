import ArgumentParser
import Kube
import KubeClient
import Operator
import PlanningInput
import YAML

struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Print what the operator would change in a cluster if some files were applied.",
        usage: "tributary diff -f <file|dir> ... [<options>]",
        discussion: """
            Plans for the files with everything else as the cluster has it, and has the API server apply the objects as a \
            dry run. Prints a unified diff for each object that would be created, changed or deleted, and writes nothing. \
            Values of Secrets are replaced by ***. How many of its series a change of a hashring moves is estimated on \
            standard error. kubectl diff shows the difference of the files themselves.

            The cluster is that of --kubeconfig, of $KUBECONFIG, or of ~/.kube/config. The dry run needs the permissions \
            that the operator has.

            Exit codes: 0 if nothing would change, 1 if something would, 2 for an error or wrong usage.
            """)

    @Option(
        name: .short, parsing: .upToNextOption,
        help: ArgumentHelp("The files and folders with manifests. - is standard input.", valueName: "file|dir"))
    var f: [String]

    @Option(help: ArgumentHelp("The kubeconfig file.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context. Defaults to the current context.", valueName: "name"))
    var context: String?

    @Option(name: [.short, .customLong("output")], help: ArgumentHelp("The format.", valueName: "format"))
    var output: WhyCommand.Format = .text

    @OptionGroup var monitors: MonitorGroupOptions

    func run() async throws {
        if output == .json { Progress.shared.turnOff() }
        let group = monitors.group
        let files = ManifestFiles(reading: f)
        files.problems.forEach(Output.error)
        var offline = OfflineSnapshot(group: group)
        offline.add(files)
        guard files.problems.isEmpty, !offline.hasErrors else { throw ExitCode(2) }
        let preview: ChangePreview
        do {
            preview = try await ClusterObjects.withClient(kubeconfig: kubeconfig, context: context) { client, _ in
                try await ChangePreview(of: files.manifests.map(\.object), in: client, monitorGroup: group) {
                    Progress.shared.step($0)
                }
            }
        } catch {
            Output.error(Output.printable("error: \(error)"))
            throw ExitCode(2)
        }
        switch output {
        case .text:
            preview.findings.forEach { Output.error(Output.printable($0)) }
            preview.moves.forEach { Output.error(Output.printable("info: \($0)")) }
            preview.problems.forEach { Output.error(Output.printable("error: \($0)")) }
            for difference in preview.differences { Output.text(Self.text(difference)) }
        case .json: Output.text(Self.json(preview).text(.init(indent: 2)) + "\n")
        }
        if !preview.problems.isEmpty { throw ExitCode(2) }
        if !preview.differences.isEmpty { throw ExitCode.failure }
    }

    private static func json(_ preview: ChangePreview) -> JSON {
        let differences = preview.differences.map { difference -> JSON in
            let named = difference.after ?? difference.before ?? Object([:])
            let (before, after) = masked(difference)
            let json: JSON = [
                "apiVersion": JSON(named.apiVersion), "kind": JSON(named.kind),
                "namespace": named.namespace.map { JSON($0) } ?? .null, "name": JSON(named.name),
                "change": before == nil ? "create" : after == nil ? "delete" : "change", "before": before ?? .null,
                "after": after ?? .null,
            ]
            return json.droppingNulls
        }
        func list(_ lines: [String]) -> JSON { .array(lines.map { JSON($0) }) }
        return [
            "differences": .array(differences), "findings": list(preview.findings), "moves": list(preview.moves),
            "problems": list(preview.problems),
        ]
    }

    private static func text(_ difference: ChangePreview.Difference) -> String {
        let named = difference.after ?? difference.before ?? Object([:])
        let (before, after) = masked(difference)
        let name = "\(named.apiVersion) \(named)"
        let lines = UnifiedDiff(before.map { YAML.write($0) } ?? "", after.map { YAML.write($0) } ?? "").lines
        let head = [
            "--- \(before == nil ? "/dev/null" : "cluster: \(name)")",
            "+++ \(after == nil ? "/dev/null" : "planned: \(name)")",
        ]
        return (head + lines).map { Output.printable($0) + "\n" }.joined()
    }

    /// Both objects without what the API server adds; of values of Secrets only whether they differ.
    private static func masked(_ difference: ChangePreview.Difference) -> (JSON?, JSON?) {
        var before = difference.before.map(ChangePreview.shown)
        var after = difference.after.map(ChangePreview.shown)
        let isSecret = [difference.before, difference.after].contains {
            $0?.kind == Resource.secrets.kind && $0?.apiVersion == Resource.secrets.apiVersion
        }
        guard isSecret else { return (before, after) }
        for member in ["data", "stringData"] {
            let (old, new) = (before?[member]?.object ?? [:], after?[member]?.object ?? [:])
            func values(_ own: JSON.Members, _ other: JSON.Members, _ side: String) -> JSON? {
                guard !own.isEmpty else { return nil }
                var result: JSON.Members = [:]
                for (key, value) in own {
                    result[key] = other[key].map { $0 == value } ?? true ? "***" : .string("*** (\(side))")
                }
                return .object(result)
            }
            before?[member] = values(old, new, "before")
            after?[member] = values(new, old, "after")
        }
        return (before, after)
    }
}
