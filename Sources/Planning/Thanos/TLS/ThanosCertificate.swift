import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// The certificate that all parts of a view's Thanos have: cert-manager's object if that issues it, and what is wrong with
/// the Secret.
///
/// Thanos does not start without a certificate, so without a right one what runs stays as it is.
struct ThanosCertificate {
    /// cert-manager's Certificate; nil if others make the Secret, or the API server does not serve the kind.
    private(set) var object: Object?
    private(set) var keeps: Set<Plan.Kept> = []
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var recheckAfter: Duration?
    /// Whether pods may be made and replaced.
    private(set) var isUsable = true
    /// Whether cert-manager has not made the Secret yet.
    private var isAwaited = false

    private static let rest = "until then running pods keep what they have, and none start"

    init(of view: GlobalView, hosts: [String], in snapshot: Snapshot) {
        guard let tls = view.spec.thanos?.tls, let name = view.thanosTLSSecretName,
            let references = view.thanosCertificate
        else { return }
        let field = tls.certificate == nil ? "spec.thanos.tls.secretName" : "spec.thanos.tls.certificate"
        if let issued = tls.certificate { plan(issued, name, hosts, view, field, in: snapshot) }
        if tls.certificate != nil, case .missing = snapshot.monitoring.find(references.certificate) {
            isAwaited = diagnostics.isEmpty
            isUsable = false
            return
        }
        var mounted = MountedCertificates(of: view, in: snapshot, rest: Self.rest)
        mounted.checkAuthorities(
            references.authorities, field,
            "the authority that has signed the certificate of Thanos, in PEM")
        let own = mounted.check(
            MountedCertificates.Pair(
                field: field, certificate: references.certificate, key: references.key, owner: "Thanos",
                program: "Thanos"))
        if let own, let lacking = hosts.first(where: { !own.isFor(host: $0) }) {
            mounted.report(
                field, "CertificateInvalid",
                "\(references.certificate): the certificate is not for \(lacking); it should have the DNS names "
                    + "\(hosts.joined(separator: ", ")), or *.\(view.metadata.namespace ?? "default").svc")
        }
        diagnostics += mounted.findings
        recheckAfter = mounted.recheckAfter
        // An expired certificate that runs is not made worse by changes.
        isUsable = !diagnostics.contains { $0.severity == .error && $0.reason != "CertificateExpired" }
    }

    /// The readiness; nil if there is nothing to say.
    var readiness: Readiness? {
        if let error = diagnostics.first(where: { $0.severity == .error }) { return .stalled(error.reason, error.text) }
        guard isAwaited else { return nil }
        return .progressing(
            reason: "WaitingForCertificate", message: "waiting for cert-manager to issue the certificate of Thanos")
    }

    private mutating func plan(
        _ issued: IssuedCertificateSpec, _ name: String, _ hosts: [String], _ view: GlobalView, _ field: String,
        in snapshot: Snapshot
    ) {
        let owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
        let planned = owner.object(
            .certificates, name, labels: owner.labels("thanos", program: "thanos"),
            [
                "spec": [
                    "secretName": JSON(name), "dnsNames": JSON(hosts),
                    "usages": ["digital signature", "key encipherment", "server auth", "client auth"],
                    // A new key with each certificate, as cert-manager does by default from 1.18 on.
                    "privateKey": ["algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"],
                    "duration": Self.time(issued.duration), "renewBefore": Self.time(issued.renewBefore),
                    "issuerRef": [
                        "name": JSON(issued.issuerRef.name), "kind": JSON(issued.issuerRef.kind ?? "Issuer"),
                        "group": JSON(issued.issuerRef.group ?? "cert-manager.io"),
                    ],
                ]
            ])
        let isServed = snapshot.serves(.certificates)
        guard isServed != true else {
            object = planned
            return
        }
        // An API server that starts does not serve it for a moment.
        keeps.insert(Plan.Kept(.certificates, planned.key))
        guard isServed == false else { return }
        diagnostics.append(
            .error(
                .globalView(view.metadata.key), field, "KindNotServed",
                "the API server does not serve Certificate of \(Resource.certificates.apiVersion): install cert-manager, "
                    + "or set secretName instead"))
    }

    /// A duration as Go reads it.
    private static func time(_ text: String?) -> JSON {
        text.flatMap { PrometheusDuration($0) }.map { JSON("\($0.milliseconds / 1000)s") } ?? .null
    }
}
