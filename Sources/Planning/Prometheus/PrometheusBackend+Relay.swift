import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// How writes through the gateway get the label of their tenant.
extension PrometheusBackend {
    func writeURL(of tenant: Tenant) -> String? {
        view.relaysWrites ? WriteRelay.url(of: tenant.metadata.key) : nil
    }

    func parts(of tenant: Tenant) -> TenantParts {
        guard view.relaysWrites else { return TenantParts() }
        let relay = WriteRelay(
            owner: Owner(resource: Tenant.resource, metadata: tenant.metadata),
            label: ForcedLabel(label: view.tenantLabel, id: tenant.id), centralURL: receiverURL,
            image: view.prometheusImage, version: view.prometheusVersion,
            resources: view.spec.prometheus?.relayResources?.json ?? WriteRelay.defaultResources)
        do throws(FieldError) {
            let key = ObjectKey(
                namespace: relay.owner.namespace, name: GatewayNames.relay(of: tenant.metadata.name))
            let workload = snapshot.workloads[WorkloadKey(.deployments, key)]
            let troubles = relay.owner.troubles(
                GatewayNames.relayComponent, program: GatewayNames.relayProgram, in: snapshot)
            return TenantParts(objects: try relay.objects(), readiness: .of(workload, called: "the relay", troubles))
        } catch {
            return TenantParts(
                problem: .error(
                    .tenant(tenant.metadata.key), nil, "RelayInvalid",
                    "there can be no relay with the Prometheus of GlobalView \"\(view.metadata.name)\": \(error)"))
        }
    }

    /// What people should know of writes through the gateway.
    var writeFindings: [Diagnostic] {
        guard view.spec.gateway != nil else { return [] }
        let about = PlanKey.globalView(view.metadata.key)
        var findings: [Diagnostic] = []
        if !view.relaysWrites {
            findings.append(
                .warning(
                    about, "spec.prometheus.writeIsolation", "WritesTrusted",
                    "is Trusted: any tenant's agent can write series with another tenant's label; Relay forces the label"
                ))
        }
        if view.prometheusVersion < PrometheusVersion(3, 0) {
            findings.append(
                .warning(
                    about, "spec.prometheus.version", "FutureSamplesAccepted",
                    "\(view.prometheusVersion) can store samples of any future time, after which it refuses those of "
                        + "all tenants as too old: a single write is enough; use v3.0.0 or later"))
        }
        return findings
    }
}
