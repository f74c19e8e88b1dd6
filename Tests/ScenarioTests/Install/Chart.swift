import Kube
import TestSupport
import YAML

/// The Helm chart, rendered by `helm` if it is installed, else by ``GoTemplate``.
enum Chart {
    static let folder = "charts/tributary"

    /// The program; nil if it is not installed.
    static var helm: String? { ChildProcess.find("helm") }

    /// The values by which the chart is installed if nothing is set.
    static func defaults() throws -> JSON { try YAML.parseOne(try Checkout.read("\(folder)/values.yaml")).value }

    /// The chart's name and versions.
    static func metadata() throws -> JSON { try YAML.parseOne(try Checkout.read("\(folder)/Chart.yaml")).value }

    /// The paths of the templates that make objects.
    static func templates() throws -> [String] {
        try Checkout.list("\(folder)/templates").filter { $0.hasSuffix(".yaml") }
    }

    /// The objects of an installation.
    static func objects(_ values: JSON, namespace: String) async throws -> [Object] {
        let text =
            if let helm { try await rendered(by: helm, values, namespace) } else { try rendered(values, namespace) }
        return try YAML.parse(text).map(\.value).filter { !$0.isNull }.map { Object($0) }
    }

    private static func rendered(by helm: String, _ values: JSON, _ namespace: String) async throws -> String {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let file = try directory.write("values.yaml", YAML.write(values))
        let arguments = [
            "template", "tributary", "\(Checkout.root)/\(folder)", "--namespace", namespace, "--values", file,
        ]
        // Its notes about symbolic links would be in the way.
        let command = #"exec "$0" "$@" 2>/dev/null"#
        let result = try await ChildProcess.run("/bin/sh", ["-c", command, helm] + arguments)
        guard result.code == 0 else { throw GoTemplate.Fault(description: "helm template: \(result.output)") }
        return result.output
    }

    /// What the own renderer makes of the chart.
    static func rendered(_ values: JSON, _ namespace: String) throws -> String {
        let definitions = try GoTemplate(try Checkout.read("\(folder)/templates/_helpers.tpl")).definitions
        let context: JSON = [
            "Values": merged(try defaults(), values), "Release": ["Namespace": .string(namespace)],
            "Chart": ["AppVersion": try metadata()["appVersion"] ?? .null],
        ]
        return try templates().map { path in
            do {
                return try GoRendering.text(
                    try GoTemplate(try Checkout.read(path)).nodes, context, definitions: definitions,
                    file: { try Checkout.read("\(folder)/\($0)") })
            } catch {
                throw GoTemplate.Fault(description: "\(path): \(error)")
            }
        }.joined(separator: "\n---\n")
    }

    private static func merged(_ base: JSON, _ over: JSON) -> JSON {
        guard case .object(var members) = base, let others = over.object else { return over }
        for (key, value) in others { members[key] = members[key].map { merged($0, value) } ?? value }
        return .object(members)
    }
}
