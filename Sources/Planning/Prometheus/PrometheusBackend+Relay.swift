import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// How writes through the gateway get the label of their tenant.
extension PrometheusBackend {
    /// The relay of the view; nil without a gateway, or if tenants are trusted and there is one replica.
    var relay: WriteRelay? {
        guard view.relaysWrites else { return nil }
        return WriteRelay(
            owner: Owner(resource: GlobalView.resource, metadata: view.metadata),
            label: view.trustsWriters ? nil : view.tenantLabel, upstreams: receiverURLs,
            patience: view.spec.prometheus?.replicaPatience,
            authorities: view.prometheusAuthorities.map { UpstreamAuthorities(source: $0) },
            login: view.prometheusLogin, acceptsSecondVersion: view.prometheusVersion >= PrometheusVersion(2, 54),
            image: snapshot.reloaderImage, resources: view.spec.prometheus?.relayResources?.json)
    }

    /// What people should know of writes through the gateway.
    var writeFindings: [Diagnostic] {
        guard view.spec.gateway != nil else { return [] }
        let about = PlanKey.globalView(view.metadata.key)
        var findings: [Diagnostic] = []
        if view.trustsWriters {
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
