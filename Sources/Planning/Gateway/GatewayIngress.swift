import Kube
import PlanningInput
import TributaryAPI

/// The Ingress before a gateway. The gateway serves the same paths, so nothing is rewritten.
struct GatewayIngress {
    var owner: Owner
    var spec: IngressSpec
    var access: GatewayAccess
    /// The largest body of a request that the gateway accepts from some tenant, in bytes.
    var largestBody: Int64

    private static let prefix = "nginx.ingress.kubernetes.io"

    var object: Object {
        let backend: JSON = [
            "service": [
                "name": JSON(GatewayNames.name(of: owner.metadata.name)), "port": ["name": JSON(access.port.name)],
            ]
        ]
        // ingress-nginx sends plain HTTP and refuses bodies above 1 MiB unless it is told otherwise.
        var own = ["\(Self.prefix)/proxy-body-size": "\(largestBody)"]
        if access.port.name == "https" { own["\(Self.prefix)/backend-protocol"] = "HTTPS" }
        return owner.object(
            .ingresses, GatewayNames.name(of: owner.metadata.name),
            labels: owner.labels(GatewayNames.component, program: GatewayNames.program),
            annotations: (spec.annotations ?? [:]).merging(own) { given, _ in given },
            [
                "spec": [
                    "ingressClassName": spec.className.map { JSON($0) } ?? .null,
                    "rules": [
                        [
                            "host": JSON(spec.host),
                            "http": [
                                "paths": [
                                    ["path": JSON(access.writePath), "pathType": "Exact", "backend": backend],
                                    ["path": JSON(access.readPath), "pathType": "Prefix", "backend": backend],
                                ]
                            ],
                        ]
                    ],
                    "tls": spec.tls.map { [["hosts": [JSON(spec.host)], "secretName": JSON($0.secretName)]] } ?? .null,
                ]
            ])
    }

    /// Whether the Ingress passes TLS on as it is, so that client certificates reach the gateway.
    static func passesTLS(_ spec: IngressSpec) -> Bool {
        spec.annotations?["\(prefix)/ssl-passthrough"] == "true"
    }
}
