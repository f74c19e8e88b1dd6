import Crypto
import Kube
import PlanningInput
import TributaryAPI

/// The pods of a gateway: Deployment, Service, PodDisruptionBudget.
///
/// Pods read the configuration from a volume and follow it themselves, so it is no part of the template. Only another
/// script rolls them.
struct GatewayWorkload {
    var owner: Owner
    var view: GlobalView
    var spec: GatewaySpec
    /// The port for tenants, and the scheme.
    var port: (name: String, number: Int)
    /// The image of Tributary, for the container that reads client certificates; nil without it.
    var identityImage: String?
    /// The Secret with the certificate to show to servers behind the gateway; nil for none.
    var serverCertificate: String?

    /// The user of nginx's image.
    private static let user = 101
    /// The annotation of the template: the beginning of the SHA-256 of the script.
    private static let scriptAnnotation = "tributary.dev/gateway-script"
    /// How long a pod goes on serving after it is told to end, in seconds: until nobody sends it new connections.
    private static let drain = 5

    private var name: String { GatewayNames.name(of: owner.metadata.name) }
    private var labels: [String: String] { owner.labels(GatewayNames.component, program: GatewayNames.program) }
    private var selector: [String: String] {
        owner.selector(GatewayNames.component, program: GatewayNames.program)
    }
    private var ports: [(name: String, number: Int)] { [port, ("status", GatewayNames.statusPort)] }

    var objects: [Object] {
        [service, deployment, owner.disruptionBudget(name, labels: labels, selector: selector)]
    }

    private var service: Object {
        var service = owner.service(name, labels: labels, selector: selector, ports: ports)
        guard port.name == "https", let first = service.json["spec", "ports"]?.array?.first else { return service }
        // Without it, a Gateway would send plain HTTP.
        var own = first
        own["appProtocol"] = "https"
        let others = service.json["spec", "ports"]?.array?.dropFirst() ?? []
        service.json["spec", "ports"] = .array([own] + others)
        return service
    }

    private var deployment: Object {
        var deployment = owner.deployment(
            name, labels: labels, selector: selector, replicas: spec.replicas ?? 2, pod: pod.droppingNulls)
        deployment.json["spec", "strategy"] = [
            "type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 0, "maxSurge": 1],
        ]
        deployment.json["spec", "template", "metadata", "annotations"] = [
            Self.scriptAnnotation: .string(String(SHA256.hexadecimal(GatewayScript.text).prefix(12)))
        ]
        return deployment
    }

    private var pod: JSON {
        [
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "securityContext": PodSecurity.pod(user: Self.user),
            "terminationGracePeriodSeconds": 60,
            "topologySpreadConstraints": TopologySpread.constraints(selector),
            "containers": .array([container] + (identityImage.map { [GatewayIdentity.container($0)] } ?? [])),
            "volumes": .array(files.map(\.volume)),
        ]
    }

    private var container: JSON {
        let probe: JSON = ["path": "/healthz", "port": "status"]
        return [
            "name": JSON(GatewayNames.program),
            "image": JSON(view.gatewayImage),
            "command": ["/bin/sh", JSON("\(GatewayScript.folder)/gateway.sh")],
            "ports": .array(
                ports.map { ["name": JSON($0.name), "containerPort": JSON($0.number), "protocol": "TCP"] }),
            "startupProbe": ["httpGet": probe, "periodSeconds": 2, "failureThreshold": 60],
            "livenessProbe": ["httpGet": probe, "periodSeconds": 20, "failureThreshold": 4, "timeoutSeconds": 5],
            "readinessProbe": ["httpGet": probe, "periodSeconds": 5],
            "lifecycle": ["preStop": ["exec": ["command": ["/bin/sh", "-c", JSON("sleep \(Self.drain)")]]]],
            "resources": spec.resources?.json ?? [
                "requests": ["cpu": "50m", "memory": "64Mi"], "limits": ["memory": "512Mi"],
            ],
            "securityContext": PodSecurity.container,
            "volumeMounts": .array(
                files.map { file in
                    [
                        "name": file.volume["name"] ?? .null, "mountPath": JSON(file.path),
                        "readOnly": file.isWritable ? .null : true,
                    ]
                }),
        ]
    }

    private struct Mount {
        var path: String
        var volume: JSON
        var isWritable = false
    }

    private var files: [Mount] {
        var files = [
            Mount(path: GatewayScript.folder, volume: GatewaySecrets.volume("gateway", of: owner.metadata.name))
        ]
        if let tls = spec.tls {
            let volume: JSON = ["name": "tls", "secret": ["secretName": JSON(tls.secretName)]]
            files.append(Mount(path: GatewayScript.tlsFolder, volume: volume))
        }
        if let authority = spec.authentication?.clientCertificates?.caSecretRef {
            let item: JSON = ["key": JSON(authority.key), "path": "ca.crt"]
            files.append(
                Mount(
                    path: GatewayScript.authoritiesFolder,
                    volume: [
                        "name": "client-ca", "secret": ["secretName": JSON(authority.name), "items": [item]],
                    ]))
        }
        if let serverCertificate {
            let volume: JSON = ["name": "servers", "secret": ["secretName": JSON(serverCertificate)]]
            files.append(Mount(path: GatewayScript.serversFolder, volume: volume))
        }
        return files + [Mount(path: "/tmp", volume: ["name": "tmp", "emptyDir": [:]], isWritable: true)]
    }
}
