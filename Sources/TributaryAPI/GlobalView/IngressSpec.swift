import Kube

/// The Ingress through which agents outside of the cluster write.
public struct IngressSpec: Sendable, Hashable, Codable {
    /// The host name, such as metrics.example.org.
    public var host: String
    /// A prefix of the write path, such as /prometheus.
    public var path: String?
    /// The IngressClass.
    public var className: String?
    /// Annotations of the Ingress.
    public var annotations: [String: String]?
    /// Serves HTTPS.
    public var tls: IngressTLS?

    static let schema = Schema.object(
        [
            "host": .objectName("The host name, such as metrics.example.org."),
            "path": .text(
                """
                A prefix of all paths, such as /prometheus. The gateway serves its paths behind the prefix; \
                without a gateway, the rewrite annotation of ingress-nginx strips it. Defaults to /, which means no \
                prefix.
                """, max: 512, pattern: "^/[A-Za-z0-9._~/-]*$"),
            "className": .objectName("The IngressClass. Defaults to the default class of the cluster."),
            "annotations": .strings(
                "Annotations of the Ingress, such as those of its controller.", max: 32, length: 1024),
            "tls": IngressTLS.schema,
        ], required: ["host"],
        description: """
            An Ingress through which callers outside of the cluster reach the gateway. Without a gateway, it exposes \
            only the write path of prometheus. Defaults to no Ingress.
            """)
}

/// The certificate of an Ingress.
public struct IngressTLS: Sendable, Hashable, Codable {
    /// The Secret of type kubernetes.io/tls with the certificate.
    public var secretName: String

    static let schema = Schema.object(
        ["secretName": .objectName("The Secret of type kubernetes.io/tls with the certificate.")],
        required: ["secretName"], description: "Serves HTTPS. If absent, the Ingress serves plain HTTP.")
}
