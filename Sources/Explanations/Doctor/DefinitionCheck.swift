import Kube
import PlanningInput

/// Whether the definitions of Tributary's kinds are installed, and are those of this program.
package enum DefinitionCheck {
    /// The lines about the definitions that this program has, each with the one that is installed.
    package static func lines(_ definitions: [(own: JSON, installed: Object?)]) -> [CheckLine] {
        var current: [String] = []
        var lines: [CheckLine] = []
        for (own, installed) in definitions {
            let name = own["metadata", "name"]?.string ?? ""
            if let line = line(name, own, installed) { lines.append(line) } else { current.append(name) }
        }
        guard !current.isEmpty else { return lines }
        let subject = lines.isEmpty ? "all \(current.count) are" : "\(current.joined(separator: ", ")): installed,"
        return [CheckLine(.ok, "definitions", "\(subject) those of version \(Release.version)")] + lines
    }

    private static let advice = "kubectl apply --server-side --force-conflicts -k crds"

    private static func line(_ name: String, _ own: JSON, _ installed: Object?) -> CheckLine? {
        guard let installed else { return CheckLine(.error, "definitions", "\(name) is not installed", advice: advice) }
        let conditions = installed.json["status", "conditions"]?.array ?? []
        if let established = conditions.first(where: { $0["type"] == "Established" }), established["status"] != "True" {
            return CheckLine(
                .error, "definitions",
                "\(name) is not served: \(established["message"]?.string ?? "it is not established")",
                advice: "kubectl describe crd \(name)")
        }
        let version = own["spec", "versions"]?[0] ?? .null
        let served = (installed.json["spec", "versions"]?.array ?? []).first { $0["name"] == version["name"] }
        guard let served, served["served"] == true else {
            return CheckLine(
                .error, "definitions", "\(name) does not serve version \(version["name"]?.string ?? "")", advice: advice
            )
        }
        let wanted = version["schema", "openAPIV3Schema"] ?? .null
        let found = served["schema", "openAPIV3Schema"] ?? .null
        let (missing, others) = (fields(wanted).subtracting(fields(found)), fields(found).subtracting(fields(wanted)))
        // What an older definition does not have, the API server drops from objects without a word.
        if !missing.isEmpty {
            return CheckLine(
                .error, "definitions",
                "\(name) is older than version \(Release.version) of this program: it lacks \(listed(missing))",
                advice: advice)
        }
        if !others.isEmpty {
            return CheckLine(
                .warning, "definitions",
                "\(name) is newer than version \(Release.version) of this program: it also has \(listed(others))",
                advice: "use the program of that version")
        }
        guard wanted != found || version["additionalPrinterColumns"] != served["additionalPrinterColumns"] else {
            return nil
        }
        return CheckLine(
            .warning, "definitions",
            "\(name) has the fields of version \(Release.version), and differs in rules, texts or columns",
            advice: advice)
    }

    private static func listed(_ fields: Set<String>) -> String {
        let outer = fields.filter { field in
            !fields.contains { $0 != field && field.hasPrefix("\($0).") }
        }.sorted()
        let rest = outer.count > 5 ? " and \(outer.count - 5) more" : ""
        return outer.prefix(5).joined(separator: ", ") + rest
    }

    /// The paths of all fields of a schema.
    private static func fields(_ schema: JSON, at path: String = "") -> Set<String> {
        var result: Set<String> = []
        if let items = schema["items"] { result.formUnion(fields(items, at: path)) }
        for (name, inner) in schema["properties"]?.object ?? [:] {
            let field = path.isEmpty ? name : "\(path).\(name)"
            result.insert(field)
            result.formUnion(fields(inner, at: field))
        }
        return result
    }
}
