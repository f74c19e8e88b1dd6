import Kube
import PrometheusConfig
import TributaryAPI

/// The namespaces in which a monitor looks for targets.
struct TargetReach {
    /// The namespaces; nil for all.
    let names: Set<String>?
    /// What keeps it from looking into more.
    private(set) var findings: [Finding] = []

    /// Reads a monitor's `namespaceSelector`, which agents may ignore.
    init(
        _ selector: JSON?, at field: String, of namespace: String, _ scrapers: [Scraper], _ objects: TargetObjects
    ) {
        let asked = selector?["matchNames"]?.array?.compactMap(\.string) ?? []
        let wanted: Set<String>? =
            selector?["any"]?.bool == true ? nil : asked.isEmpty ? [namespace] : Set(asked)
        let ignoring = scrapers.filter {
            $0.agent.spec.ignoreNamespaceSelectors == true || $0.agent.spec.tenantRefs != nil
        }
        if wanted != [namespace], let first = ignoring.first {
            let why = first.agent.spec.tenantRefs != nil ? "tenantRefs" : "ignoreNamespaceSelectors"
            findings.append(
                Finding(
                    .note, "NamespaceSelectorIgnored", of: first.object, at: "\(first.spec).\(why)",
                    "makes it ignore \(field): it looks for targets in namespace \(namespace) only"))
        }
        names = !scrapers.isEmpty && ignoring.count == scrapers.count ? [namespace] : wanted
        for name in (names ?? []).sorted() where !objects.namespaces.isEmpty && !objects.namespaces.contains(name) {
            findings.append(
                Finding(
                    .note, "NamespaceUnknown", at: field,
                    "names namespace \(name), which is not in \(objects.place)"
                        + Nearest.question(name, among: objects.namespaces)))
        }
    }

    func contains(_ namespace: String) -> Bool { names?.contains(namespace) ?? true }

    /// The namespaces in words.
    var text: String {
        guard let names else { return "any namespace" }
        return "\(names.count == 1 ? "namespace" : "namespaces") \(names.sorted().listed())"
    }
}
