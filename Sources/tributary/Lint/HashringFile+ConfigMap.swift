import Hashring
import Kube

extension HashringFile {
    /// The findings of a file in a ConfigMap. A file without endpoints is probably the base file of a controller, so that
    /// only one warning replaces those about missing endpoints.
    func findings(inConfigMap findings: [Finding]) -> [Finding] {
        guard !rings.isEmpty, rings.allSatisfy(\.endpoints.isEmpty) else { return findings }
        let base = Finding(
            severity: .warning, field: FieldPath(),
            message: "no hashring has endpoints: this is right for a base file that a controller fills in, but "
                + "receivers refuse it")
        return [base] + findings.filter { $0.field.steps.last != .key("endpoints") }
    }

    /// The findings about tenants that hashrings name, but that no reverse proxy sends.
    func findings(sent tenants: [String]) -> [Finding] {
        guard !tenants.isEmpty else { return [] }
        return rings.enumerated().flatMap { index, ring -> [Finding] in
            guard ring.tenantMatcher == nil || ring.tenantMatcher == .exact else { return [] }
            return ring.tenants.enumerated().filter { !tenants.contains($0.element) }.map { place, tenant in
                Finding(
                    severity: .warning, ring: ring.name.isEmpty ? "#\(index + 1)" : ring.name,
                    field: FieldPath().appending(index).appending("tenants").appending(place),
                    message: "no reverse proxy in these manifests sends tenant \"\(tenant)\" (they send "
                        + "\(tenants.map { "\"\($0)\"" }.joined(separator: ", "))): name tenants as they are sent")
            }
        }
    }
}
