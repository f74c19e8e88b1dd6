import Hashring
import Kube
import YAML

/// A hashring or limits file in a ConfigMap's `data`.
struct EmbeddedFile {
    enum Kind {
        case hashrings, limits
    }

    var kind: Kind
    var text: String
    var entry: Manifests.Entry
    /// The key in `data`.
    var name: String
    private var inside: EmbeddedText?

    /// The files of a ConfigMap that Thanos reads, going by their names and, for lists in JSON, by what is in them.
    static func all(in entry: Manifests.Entry, source: [UInt8]) -> [EmbeddedFile] {
        guard entry.object.apiVersion == "v1", entry.object.kind == "ConfigMap",
            let data = entry.object.json["data"]?.object
        else { return [] }
        return data.compactMap { name, value in
            guard let text = value.string, let kind = kind(name, text) else { return nil }
            let field = FieldPath().appending("data").appending(name)
            let key = entry.position(of: field)
            return EmbeddedFile(
                kind: kind, text: text, entry: entry, name: name,
                inside: key.flatMap { EmbeddedText(text, key: $0, in: source) })
        }
    }

    private static func kind(_ name: String, _ text: String) -> Kind? {
        if name.hasSuffix("hashrings.json") || name.hasSuffix("hashring.json") { return .hashrings }
        if name.hasSuffix("limits.yaml") || name.hasSuffix("limits.yml") { return .limits }
        guard name.hasSuffix(".json"), text.first(where: { !$0.isWhitespace }) == "[" else { return nil }
        return text.contains("\"endpoints\"") || text.contains("\"hashring\"") ? .hashrings : nil
    }

    /// `file:line:column` of a place in the text; of its key where the text is not there as it is.
    func location(_ position: YAMLPosition) -> String {
        if let inside { return "\(entry.file):\(inside.position(line: position.line, column: position.column))" }
        return entry.location(of: FieldPath().appending("data").appending(name))
    }
}

extension HashringFile {
    /// The findings of a file in a ConfigMap. One without any receivers is most likely what a controller starts from.
    func findings(inConfigMap findings: [Finding]) -> [Finding] {
        guard !rings.isEmpty, rings.allSatisfy(\.endpoints.isEmpty) else { return findings }
        let base = Finding(
            severity: .warning, field: FieldPath(),
            message: "no hashring has endpoints: as a base that a controller fills in that is fine, receivers refuse "
                + "it as it stands")
        return [base] + findings.filter { $0.field.steps.last != .key("endpoints") }
    }

    /// What differs between the tenants that hashrings name and those that reverse proxies send.
    func findings(sent tenants: [String]) -> [Finding] {
        guard !tenants.isEmpty else { return [] }
        return rings.enumerated().flatMap { index, ring -> [Finding] in
            guard ring.tenantMatcher == nil || ring.tenantMatcher == .exact else { return [] }
            return ring.tenants.enumerated().filter { !tenants.contains($0.element) }.map { place, tenant in
                Finding(
                    severity: .warning, ring: ring.name.isEmpty ? "#\(index + 1)" : ring.name,
                    field: FieldPath().appending(index).appending("tenants").appending(place),
                    message: "no reverse proxy in these manifests sends tenant \"\(tenant)\", they send "
                        + "\(tenants.map { "\"\($0)\"" }.joined(separator: ", ")): name tenants as they are sent")
            }
        }
    }
}

/// What nginx configurations in ConfigMaps send as the tenant.
enum SentTenants {
    /// The tenants, sorted, each once; variables are none.
    static func all(in entries: [Manifests.Entry]) -> [String] {
        var tenants: Set<String> = []
        for entry in entries where entry.object.kind == "ConfigMap" {
            for (_, value) in entry.object.json["data"]?.object ?? [:] {
                guard let text = value.string, text.contains("proxy_set_header") else { continue }
                tenants.formUnion(self.tenants(in: text))
            }
        }
        return tenants.sorted()
    }

    private static func tenants(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split { $0 == " " || $0 == "\t" || $0 == ";" }
            guard words.count >= 3, words[0] == "proxy_set_header", words[1].lowercased() == "thanos-tenant",
                !words[2].contains("$")
            else { return nil }
            return String(words[2].filter { $0 != "\"" && $0 != "'" })
        }
    }
}
