/// Agents with mistakes in the fields that define their pods.
extension BadObject {
    private static func agent(_ spec: String) -> String {
        """
        {apiVersion: tributary.dev/v1alpha1, kind: PrometheusAgent, metadata: {name: a, namespace: default},
        spec: {tenantRef: {name: t}, \(spec)}}
        """
    }

    static let pods = [
        BadObject(
            "two authentication methods for an API server",
            agent("apiserverConfig: {host: 'https://a', bearerTokenFile: /a, authorization: {credentialsFile: /b}}"),
            "spec.apiserverConfig", "found authorization and bearerTokenFile, should have at most one"),
        BadObject(
            "replicas of a DaemonSet", agent("mode: DaemonSet, replicas: 2"), "spec.replicas",
            "should be absent with mode DaemonSet"),
        BadObject(
            "a DaemonSet that selects Probes", agent("mode: DaemonSet, probeSelector: {}"), "spec.mode",
            "each pod scrapes only targets on its own node"),
        BadObject(
            "a volume claim of a Deployment", agent("mode: Deployment, storage: {size: 1Gi}"), "spec.storage",
            "only pods of a StatefulSet have claims of their own"),
        BadObject(
            "a hostPath of a StatefulSet", agent("storage: {hostPath: {path: /var/lib/agent}}"), "spec.storage",
            "should have hostPath only with mode DaemonSet"),
        BadObject(
            "two volumes for the write-ahead log", agent("storage: {size: 1Gi, emptyDir: {}}"), "spec.storage",
            "found size and emptyDir, should have at most one"),
        BadObject(
            "a StorageClass without a size", agent("storage: {className: fast}"), "spec.storage.className",
            "requires \"size\""),
        BadObject(
            "an argument that Tributary sets itself", agent("additionalArgs: [{name: config.file, value: /tmp/a}]"),
            "spec.additionalArgs", "should not contain arguments that Tributary sets itself"),
        BadObject(
            "required client certificates",
            agent(
                """
                web: {tlsConfig: {cert: {secret: {name: a, key: b}}, keySecret: {name: a, key: b},
                clientAuthType: RequireAnyClientCert}}
                """), "spec.web.tlsConfig.clientAuthType", "probes of the kubelet have none"),
    ]
}
