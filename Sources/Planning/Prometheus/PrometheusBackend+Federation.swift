import Kube
import PlanningInput
import TributaryAPI

/// The spokes that the central Prometheus pulls from.
extension PrometheusBackend {
    /// The scrape configurations of the spokes. One whose tenant cannot be told is left out alone, since its series could
    /// be anyone's.
    func scrapeConfigs(_ files: inout FileMounts, _ problems: inout [Diagnostic]) -> [JSON] {
        var configs: [JSON] = []
        for (index, spoke) in (view.spec.prometheus?.federate ?? []).enumerated() {
            let field = "spec.prometheus.federate[\(index)]"
            do throws(Diagnostic) {
                configs.append(spoke.scrapeConfig(&files, of: try tenantLabel(of: spoke, field)))
            } catch {
                problems.append(error)
                // Its credentials stay mounted: otherwise a Tenant that comes or goes would restart Prometheus.
                _ = spoke.scrapeConfig(&files, of: nil)
            }
        }
        return configs
    }

    /// The label to force on the series of a spoke; nil for one without a tenant.
    private func tenantLabel(of spoke: FederationSpec, _ field: String) throws(Diagnostic) -> ForcedLabel? {
        guard let key = view.tenantKey(of: spoke) else { return nil }
        func rejected(_ field: String, _ message: String) -> Diagnostic {
            .warning(
                .globalView(view.metadata.key), field, "SpokeRejected",
                "\(message); spoke \"\(spoke.name)\" is left out")
        }
        let reference = "\(field).tenantRef.name"
        guard let tenant = snapshot.tenants[key] else { throw rejected(reference, "there is no Tenant \"\(key)\"") }
        guard tenant.globalViewKey == view.metadata.key else {
            throw rejected(
                reference,
                "Tenant \"\(key)\" belongs to GlobalView \"\(tenant.globalViewKey.name)\" and should belong to this one"
            )
        }
        if let problem = admission.problem(of: tenant) {
            throw rejected(reference, "Tenant \"\(key)\" is not served: \(problem.text)")
        }
        if let label = spoke.labels?[view.tenantLabel], label != tenant.id {
            throw rejected(
                "\(field).labels.\(view.tenantLabel)",
                "is \"\(label)\" and should be \"\(tenant.id)\", the id of tenantRef, or absent")
        }
        return ForcedLabel(label: view.tenantLabel, id: tenant.id)
    }

    private var admission: TenantAdmission {
        TenantAdmission(snapshot: snapshot) { tenant, _ in refusal(of: tenant) }
    }
}
