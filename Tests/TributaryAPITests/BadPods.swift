/// Mistakes in what an agent says of its pods.
extension BadObject {
    private static func agent(_ spec: String) -> String {
        """
        {apiVersion: tributary.dev/v1alpha1, kind: PrometheusAgent, metadata: {name: a, namespace: default},
        spec: {tenantRef: {name: t}, \(spec)}}
        """
    }

    static let pods = [
        BadObject(
            "two ways into an API server",
            agent("apiserverConfig: {host: 'https://a', bearerTokenFile: /a, authorization: {credentialsFile: /b}}"),
            "spec.apiserverConfig", "found authorization and bearerTokenFile, should have at most one"),
        BadObject(
            "replicas on every node", agent("mode: DaemonSet, replicas: 2"), "spec.replicas",
            "should be absent with mode DaemonSet"),
        BadObject(
            "targets of other nodes", agent("mode: DaemonSet, probeSelector: {}"), "spec.mode",
            "each pod scrapes only targets on its own node"),
        BadObject(
            "claims of a Deployment's pods", agent("mode: Deployment, storage: {size: 1Gi}"), "spec.storage",
            "only pods of a StatefulSet have claims of their own"),
        BadObject(
            "a folder that replicas would share", agent("storage: {hostPath: {path: /var/lib/agent}}"), "spec.storage",
            "should have hostPath only with mode DaemonSet"),
        BadObject(
            "two places for a log", agent("storage: {size: 1Gi, emptyDir: {}}"), "spec.storage",
            "found size and emptyDir, should have at most one"),
        BadObject(
            "a class for no volume", agent("storage: {className: fast}"), "spec.storage.className",
            "requires \"size\""),
        BadObject(
            "an argument that is set already", agent("additionalArgs: [{name: config.file, value: /tmp/a}]"),
            "spec.additionalArgs", "should not contain arguments that Tributary sets itself"),
        BadObject(
            "certificates that kubelet has not",
            agent(
                """
                web: {tlsConfig: {cert: {secret: {name: a, key: b}}, keySecret: {name: a, key: b},
                clientAuthType: RequireAnyClientCert}}
                """), "spec.web.tlsConfig.clientAuthType", "probes of the kubelet have none"),
    ]
}
