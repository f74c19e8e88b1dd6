import Kube
import PlanningInput

/// The Ingress through which agents outside the cluster write, and nothing else: reading through it would pass the
/// tenants' read proxies by, so it lets only the write path through.
struct WriteIngress {
    var owner: Owner
    var host: String
    /// The prefix before the write path, such as `/prometheus`; removed before the request is forwarded.
    var prefix: String
    /// The path behind the prefix: `/api/v1/write` or `/api/v1/receive`.
    var writePath: String
    var className: String?
    /// Annotations that the view asks for.
    var annotations: [String: String] = [:]
    var tlsSecretName: String?
    /// The Service of each replica; agents write to all of them.
    var services: [String]
    var port: JSON

    /// The prefix as URLs take it: with a slash before it, without one after it, empty for none.
    static func normalized(_ prefix: String?) -> String {
        let parts = (prefix ?? "").split(separator: "/")
        return parts.isEmpty ? "" : "/" + parts.joined(separator: "/")
    }

    /// Where agents write: the URL of each replica.
    var urls: [String] { paths.map { "\(tlsSecretName == nil ? "http" : "https")://\(host)\($0)" } }

    /// The path of each replica. That of the first is the same however many there are.
    private var paths: [String] {
        services.indices.map { $0 == 0 ? "\(prefix)\(writePath)" : "\(prefix)/replica-\($0)\(writePath)" }
    }

    var object: Object {
        // ingress-nginx's annotation, since the path alone cannot say it; without a prefix any controller will do.
        let own =
            prefix.isEmpty && services.count == 1 ? [:] : ["nginx.ingress.kubernetes.io/rewrite-target": writePath]
        let paths = zip(paths, services).map { path, service -> JSON in
            [
                "path": JSON(path), "pathType": "Exact",
                "backend": ["service": ["name": JSON(service), "port": port]],
            ]
        }
        return owner.object(
            .ingresses, "\(owner.metadata.name)-write", labels: owner.labels("gateway", program: "write"),
            annotations: annotations.merging(own) { _, own in own },
            [
                "spec": [
                    "ingressClassName": className.map { JSON($0) } ?? .null,
                    "rules": [["host": JSON(host), "http": ["paths": .array(paths)]]],
                    "tls": tlsSecretName.map { [["hosts": [JSON(host)], "secretName": JSON($0)]] } ?? .null,
                ]
            ])
    }
}
