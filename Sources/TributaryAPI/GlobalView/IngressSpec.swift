import Kube

/// The Ingress through which agents outside of the cluster write.
public struct IngressSpec: Sendable, Hashable, Codable {
    /// The host name, such as metrics.example.org.
    public var host: String
    /// A prefix of the write path, such as /prometheus.
    public var path: String?
    /// The IngressClass.
    public var className: String?
    /// Serves HTTPS.
    public var tls: IngressTLS?

    static let schema = Schema.object(
        [
            "host": .objectName("The host name, such as metrics.example.org."),
            "path": .text(
                """
                A prefix of the write path, such as /prometheus. The rewrite annotation of ingress-nginx strips \
                it. Defaults to /, which means no prefix.
                """, max: 512, pattern: "^/[A-Za-z0-9._~/-]*$"),
            "className": .objectName("The IngressClass. Defaults to the default class of the cluster."),
            "tls": IngressTLS.schema,
        ], required: ["host"],
        description: """
            An Ingress through which agents outside of the cluster can write. It exposes only the write \
            path. Takes effect with prometheus. Defaults to no Ingress.
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
