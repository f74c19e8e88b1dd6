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
            "spec.apiserverConfig", "authorization and bearerTokenFile set where at most one"),
        BadObject(
            "replicas on every node", agent("mode: DaemonSet, replicas: 2"), "spec.replicas",
            "should be absent with mode DaemonSet"),
        BadObject(
            "targets of other nodes", agent("mode: DaemonSet, probeSelector: {}"), "spec.mode",
            "pods scrape what is on their node"),
        BadObject(
            "claims of a Deployment's pods", agent("mode: Deployment, storage: {size: 1Gi}"), "spec.storage",
            "only a StatefulSet's pods have claims of their own"),
        BadObject(
            "a folder that replicas would share", agent("storage: {hostPath: {path: /var/lib/agent}}"), "spec.storage",
            "should have a hostPath with mode DaemonSet only"),
        BadObject(
            "two places for a log", agent("storage: {size: 1Gi, emptyDir: {}}"), "spec.storage",
            "size and emptyDir set where at most one"),
        BadObject(
            "a class for no volume", agent("storage: {className: fast}"), "spec.storage.className",
            "should be absent without \"size\""),
        BadObject(
            "an argument that is set already", agent("additionalArgs: [{name: config.file, value: /tmp/a}]"),
            "spec.additionalArgs", "none of the arguments that Tributary sets itself"),
        BadObject(
            "certificates that kubelet has not",
            agent(
                """
                web: {tlsConfig: {cert: {secret: {name: a, key: b}}, keySecret: {name: a, key: b},
                clientAuthType: RequireAnyClientCert}}
                """), "spec.web.tlsConfig.clientAuthType", "kubelet's probes have none"),
    ]
}
