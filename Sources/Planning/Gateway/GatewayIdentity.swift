import Kube
import PlanningInput

/// The container beside nginx that reads the URI of client certificates: `tributary identity`.
///
/// It answers on loopback, which only the containers of the pod reach.
enum GatewayIdentity {
    /// The port for metrics and probes.
    private static let metrics = (name: "identity", number: GatewayNames.identityMetricsPort)

    static func container(_ image: String) -> JSON {
        func probe(_ path: String) -> JSON { ["path": JSON(path), "port": JSON(metrics.name)] }
        return [
            "name": JSON(GatewayNames.identity),
            "image": JSON(image),
            "args": [
                "identity", "--listen-address=127.0.0.1:\(GatewayNames.identityPort)",
                "--metrics-bind-address=:\(metrics.number)",
            ],
            "ports": [["name": JSON(metrics.name), "containerPort": JSON(metrics.number), "protocol": "TCP"]],
            "readinessProbe": ["httpGet": probe("/readyz"), "periodSeconds": 5],
            "livenessProbe": [
                "httpGet": probe("/healthz"), "periodSeconds": 20, "failureThreshold": 4, "timeoutSeconds": 5,
            ],
            // Each connection of nginx may have a certificate of 192 KiB.
            "resources": ["requests": ["cpu": "10m", "memory": "24Mi"], "limits": ["memory": "128Mi"]],
            "securityContext": PodSecurity.container,
        ]
    }
}
