extension Samples {
    /// A global view with a gateway in front of it.
    static func behindGateway(_ view: String, _ more: String = "") -> String {
        view + "\n  gateway: {}" + (more.isEmpty ? "" : "\n  \(more)")
    }

    /// A global view with an external service behind a gateway with TLS, behind an Ingress.
    static let gateway = """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, generation: 1}
        spec:
          external:
            writeURL: https://mimir.example.org/api/v1/push
            queryURL: https://mimir.example.org/prometheus
            tenantHeader: X-Scope-OrgID
          gateway:
            tls: {secretName: gateway-tls}
            authentication: {clientCertificates: {caSecretRef: {name: tenants-ca, key: authorities}}}
            limits: {requestsPerSecond: 50, maxBodySize: 8Mi}
          ingress:
            host: metrics.example.org
            path: /m/
            className: nginx
            annotations: {nginx.ingress.kubernetes.io/ssl-passthrough: "true"}
            tls: {secretName: metrics-tls}
        """

    /// The same behind an HTTPRoute, without TLS.
    static let routed = gateway.replacing(
        String(gateway[(gateway.range("  ingress:"))...]),
        with: "  httpRoute: {host: m.example.org, parentRefs: [{name: front, namespace: gateways, sectionName: https}]}"
    ).replacing("    tls: {secretName: gateway-tls}\n", with: "")
        .replacing(
            "    authentication: {clientCertificates: {caSecretRef: {name: tenants-ca, key: authorities}}}\n", with: "")
}

extension String {
    /// The place where a part starts; the end if there is none.
    fileprivate func range(_ part: String) -> Index {
        indices.first { self[$0...].hasPrefix(part) } ?? endIndex
    }
}
