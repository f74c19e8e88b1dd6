import Kube
import PlanningInput
import TributaryAPI

/// What is wrong with the certificates in the Secrets that a view's gateway mounts: its own, and those of the authorities
/// that sign client certificates. nginx refuses what is malformed, and the pods keep what they have.
struct GatewayCertificates {
    /// The problems, the first of each file.
    let findings: [Diagnostic]
    /// After which time a certificate begins or ceases to be valid; nil if none does.
    let recheckAfter: Duration?

    init(of view: GlobalView, in snapshot: Snapshot) {
        var mounted = MountedCertificates(
            of: view, in: snapshot,
            rest: "until then pods of the gateway keep what they have, and new ones may not start")
        if let reference = view.clientAuthorities {
            mounted.checkAuthorities(
                reference, "spec.gateway.authentication.clientCertificates.caSecretRef",
                "the certificates of the authorities that sign client certificates, in PEM")
        }
        if let (certificate, key) = view.gatewayCertificate {
            mounted.check(
                MountedCertificates.Pair(
                    field: "spec.gateway.tls.secretName", certificate: certificate, key: key, owner: "the gateway",
                    program: "nginx"))
        }
        findings = mounted.findings
        recheckAfter = mounted.recheckAfter
    }
}
