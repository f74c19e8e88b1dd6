import Kube

/// How agents outside of the cluster reach the view.
public struct IngressSpec: Sendable, Hashable, Codable {
    public var host: String
    public var path: String?
    public var className: String?
    public var tls: IngressTLS?

    static let schema = Schema.object(
        [
            "host": .objectName("The host name, such as metrics.example.org."),
            "path": .text(
                """
                A prefix before the write path, such as /prometheus; taken away before the request goes on, by \
                ingress-nginx's rewrite annotation. Defaults to /, no prefix.
                """, max: 512, pattern: "^/[A-Za-z0-9._~/-]*$"),
            "className": .objectName("The IngressClass. Defaults to the cluster's own default."),
            "tls": IngressTLS.schema,
        ], required: ["host"],
        description: """
            Lets agents outside of the cluster write through an Ingress; it lets nothing but the write path through. \
            Takes effect with prometheus. Defaults to none.
            """)
}

/// The certificate of an Ingress.
public struct IngressTLS: Sendable, Hashable, Codable {
    public var secretName: String

    static let schema = Schema.object(
        ["secretName": .objectName("The Secret of type kubernetes.io/tls with the certificate.")],
        required: ["secretName"], description: "Serves HTTPS. Defaults to none: plain HTTP.")
}
