import Kube

/// The fields about the pods of a Prometheus and the workload that runs them, which agents and central servers have.
enum PodFields {
    static let properties: Schema.Properties = [
        "nodeSelector": .strings("The labels that a node must have for pods to run on it.", length: 63),
        "tolerations": .list(of: Toleration.schema(), max: 50, "The tolerations of the pods."),
        "affinity": .anyObject(
            "The affinity of the pods, as in a pod. By default, the replicas of a shard prefer different nodes."),
        "serviceAccountName": .objectName(
            """
            The ServiceAccount of the pods. Defaults to one of their own, with Roles for \
            the namespaces in which it discovers targets.
            """),
        "logLevel": .choice("The log level of Prometheus. Defaults to info.", ["debug", "info", "warn", "error"]),
        "logFormat": .choice("The log format of Prometheus. Defaults to logfmt.", ["logfmt", "json"]),
        "podMetadata": PodMetadata.schema,
        "persistentVolumeClaimRetentionPolicy": ClaimRetention.schema,
        "podDisruptionBudget": DisruptionBudgetSpec.schema,
        "imagePullPolicy": .choice("When to pull the image.", ["Always", "IfNotPresent", "Never"]),
        "imagePullSecrets": .list(
            of: .object(["name": .objectName("The name of the Secret.")], required: ["name"]), by: "name", max: 20,
            "The Secrets with credentials to pull images."),
        "reloaderImage": .image(
            """
            The image with the reload command. It runs next to Prometheus where Prometheus cannot follow its \
            configuration itself: before version 3.0 and in DaemonSets. Defaults to the image that the \
            operator runs from.
            """),
        "containers": containers(
            """
            Additional containers, merged by name as with kubectl patch. Those named prometheus or reload \
            are merged into the containers that Tributary defines.
            """),
        "initContainers": containers("Additional init containers, merged by name as with kubectl patch."),
        "volumes": .list(of: named("A volume, as in a pod."), by: "name", max: 100, "Additional volumes of the pods."),
        "volumeMounts": .list(
            of: .object(
                [
                    "name": .text("The name of the volume.", max: 63),
                    "mountPath": .text("The path at which to mount the volume.", max: 1024),
                ], required: ["name", "mountPath"], description: "A volume mount, as in a container."
            ).with { $0.preservesUnknownFields = true },
            by: "mountPath", max: 100, "Additional volume mounts of the Prometheus container."),
        "secrets": .set(
            of: .objectName("The name of a Secret."), max: 50, "Secrets to mount below /etc/prometheus/secrets."),
        "configMaps": .set(
            of: .objectName("The name of a ConfigMap."), max: 50,
            "ConfigMaps to mount below /etc/prometheus/configmaps."),
        "securityContext": .anyObject(
            """
            The security context of the pods. Defaults to one that meets the restricted Pod Security \
            Standard, with user 65534.
            """),
        "topologySpreadConstraints": .list(
            of: .anyObject("A topology spread constraint, as in a pod."), max: 20,
            "How pods are spread over zones and nodes."),
        "priorityClassName": .objectName("The priority class of the pods."),
        "terminationGracePeriodSeconds": .integer(
            "How long, in seconds, pods may take to terminate. Defaults to 600.", format: "int64"
        ).with { $0.minimum = 0 },
        "minReadySeconds": .count(
            "How long, in seconds, a pod must be ready before it counts as available. Defaults to 0."),
        "podManagementPolicy": .choice(
            "Whether the pods of a StatefulSet start one after the other or in parallel. Defaults to Parallel.",
            ["OrderedReady", "Parallel"]),
        "updateStrategy": .anyObject("How pods are replaced, as in a StatefulSet, Deployment or DaemonSet."),
        "automountServiceAccountToken": .boolean(
            """
            Whether pods get a token for the API server. Defaults to true if a job discovers its targets \
            through the API server.
            """),
        "hostAliases": .list(of: HostAlias.schema, by: "ip", max: 64, "Host names to resolve without DNS."),
        "dnsPolicy": .choice(
            "How pods resolve names.", ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
        "dnsConfig": .anyObject("Additional DNS parameters, as in a pod."),
        "enableServiceLinks": .boolean(
            """
            Whether to pass the addresses of Services to pods as environment variables. Defaults to true, as \
            in Kubernetes.
            """),
        "maximumStartupDurationSeconds": .count(
            """
            How long, in seconds, Prometheus may take to start, including the replay of its write-ahead log. \
            Defaults to 900.
            """, from: 60),
        "externalUrl": .url("The URL under which users reach Prometheus."),
        "walCompression": .boolean(
            "Whether Prometheus compresses its write-ahead log. Defaults to true, as in Prometheus."),
        "additionalArgs": .list(
            of: AdditionalArgument.schema, by: "name", max: 50,
            "Additional arguments of Prometheus. Arguments that Tributary sets itself are not allowed."),
    ]

    private static func named(_ description: String) -> Schema {
        .object(["name": .text("The name.", max: 63)], required: ["name"], description: description).with {
            $0.preservesUnknownFields = true
        }
    }

    private static func containers(_ description: String) -> Schema {
        .list(of: named("A container, as in a pod."), by: "name", max: 20, description)
    }

    /// The arguments of agents and servers that Tributary sets itself.
    static let ownArguments = [
        "config.file", "enable-feature", "web.enable-lifecycle", "web.listen-address", "web.config.file",
        "web.route-prefix", "web.external-url", "log.level", "log.format",
    ]
}
