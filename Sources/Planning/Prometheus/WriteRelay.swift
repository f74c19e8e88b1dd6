import Kube
import PlanningInput
import TributaryAPI
import TributaryAPI

/// The relay of a view's writes: Deployment, Service, PodDisruptionBudget. `tributary relay` forces the label of the tenant
/// that the gateway names on every series, and sends them to each replica of the central Prometheus, which stores labels as
/// they come.
struct WriteRelay {
    /// The GlobalView.
    var owner: Owner
    /// The name of the tenant label; nil to send writes as they are.
    var label: String?
    /// Where the replicas of the central Prometheus receive.
    var upstreams: [String]
    /// How long writes wait for a replica that is down; nil for the default.
    var patience: String?
    /// The authorities with which the certificates of the replicas are checked.
    var authorities: UpstreamAuthorities?
    /// The keys of the Secrets with the user name and the password that the replicas ask for; nil for none.
    var login: (username: KeySelector, password: KeySelector)?
    /// Whether the central Prometheus knows remote write 2.0.
    var acceptsSecondVersion: Bool
    /// The image of Tributary.
    var image: String
    /// The resources; nil for the default ones.
    var resources: JSON?

    /// The port for writes.
    static let writes = (name: "write", number: GatewayNames.relayPort)
    /// The port for metrics and probes.
    static let metrics = (name: "metrics", number: GatewayNames.relayMetricsPort)
    /// The memory is that of the largest message, 64Mi, three times, and of the program.
    private static let defaultResources: JSON = [
        "requests": ["cpu": "20m", "memory": "32Mi"], "limits": ["memory": "256Mi"],
    ]
    private static let replicas = 2

    /// Where the gateway sends writes.
    var url: String { "http://\(name).\(owner.namespace).svc:\(Self.writes.number)\(GatewayNames.relayPath)" }
    /// Its Deployment.
    var workload: WorkloadKey { WorkloadKey(.deployments, ObjectKey(namespace: owner.namespace, name: name)) }

    var objects: [Object] {
        let ports = [Self.writes, Self.metrics]
        return [
            owner.service(name, labels: labels, selector: selector, ports: ports),
            owner.deployment(name, labels: labels, selector: selector, replicas: Self.replicas, pod: pod),
            owner.disruptionBudget(name, labels: labels, selector: selector),
        ]
    }

    private var name: String { GatewayNames.relay(of: owner.metadata.name) }
    private var labels: [String: String] {
        owner.labels(GatewayNames.relayComponent, program: GatewayNames.relayProgram)
    }
    private var selector: [String: String] {
        owner.selector(GatewayNames.relayComponent, program: GatewayNames.relayProgram)
    }

    private var pod: JSON {
        [
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "securityContext": PodSecurity.pod(),
            // It serves for 5 seconds after it is told to end, and then answers what it has within 30.
            "terminationGracePeriodSeconds": 45,
            "topologySpreadConstraints": TopologySpread.constraints(selector),
            "containers": [container],
            "volumes": volumes.isEmpty ? .null : .array(volumes),
        ]
    }

    private static let loginFolder = "/etc/tributary/login"

    private var volumes: [JSON] {
        var volumes = authorities.map { [$0.volume] } ?? []
        if let login {
            let sources = [(login.username, "username"), (login.password, "password")].map { selector, file -> JSON in
                let item: JSON = ["key": JSON(selector.key), "path": JSON(file)]
                return ["secret": ["name": JSON(selector.name), "items": [item]]]
            }
            volumes.append(["name": "login", "projected": ["sources": .array(sources)]])
        }
        return volumes
    }

    private var mounts: [JSON] {
        let login: JSON = ["name": "login", "mountPath": JSON(Self.loginFolder), "readOnly": true]
        return (authorities.map { [$0.mount] } ?? []) + (self.login.map { _ in [login] } ?? [])
    }

    private var container: JSON {
        func probe(_ path: String) -> JSON { ["path": JSON(path), "port": JSON(Self.metrics.name)] }
        var arguments = ["relay"] + upstreams.map { "--upstream=\($0)" }
        arguments.append(label.map { "--label=\($0)" } ?? "--keep-labels")
        if upstreams.count > 1, let patience { arguments.append("--replica-patience=\(patience)") }
        if let authorities { arguments.append("--upstream-ca-file=\(authorities.path)") }
        if login != nil {
            arguments += [
                "--upstream-username-file=\(Self.loginFolder)/username",
                "--upstream-password-file=\(Self.loginFolder)/password",
            ]
        }
        if !acceptsSecondVersion { arguments.append("--no-accept-v2") }
        return [
            "name": JSON(GatewayNames.relayComponent),
            "image": JSON(image),
            "args": JSON(arguments),
            "ports": .array(
                [Self.writes, Self.metrics].map {
                    ["name": JSON($0.name), "containerPort": JSON($0.number), "protocol": "TCP"]
                }),
            "readinessProbe": ["httpGet": probe("/readyz"), "periodSeconds": 5],
            "livenessProbe": [
                "httpGet": probe("/healthz"), "periodSeconds": 20, "failureThreshold": 4, "timeoutSeconds": 5,
            ],
            "resources": resources ?? Self.defaultResources,
            "securityContext": PodSecurity.container,
            "volumeMounts": mounts.isEmpty ? .null : .array(mounts),
        ]
    }
}
