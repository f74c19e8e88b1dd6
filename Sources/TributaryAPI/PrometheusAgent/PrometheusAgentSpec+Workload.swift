import Kube

extension PrometheusAgentSpec {
    /// The schemas of the fields that define the pods and the workload that runs them.
    static let workloadProperties: Schema.Properties = [
        "mode": .choice(
            """
            The workload that runs the pods: a StatefulSet for each shard; a Deployment for each shard, \
            without persistent volumes; or one DaemonSet, whose pods each scrape the pods of their own node. \
            Defaults to StatefulSet.
            """, ["StatefulSet", "Deployment", "DaemonSet"]),
        "storage": AgentStorageSpec.schema,
        "persistentVolumeClaimRetentionPolicy": ClaimRetention.schema,
        "drainTimeout": .duration(
            """
            How long a shard that is removed may continue to send what it holds; 0s removes it immediately. \
            Defaults to 2h, the longest that an agent keeps samples by itself.
            """),
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
        "hostNetwork": .boolean("Whether pods use the network of their node. Defaults to false."),
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
        "listenLocal": .boolean(
            """
            Whether Prometheus listens only on the loopback interface, for a container in the same pod. \
            Defaults to false.
            """),
        "portName": .text("The name of the port of Prometheus. Defaults to web.", max: 15, pattern: portName),
        "externalUrl": .url("The URL under which users reach Prometheus."),
        "routePrefix": .text(
            "The path prefix under which Prometheus serves HTTP. Defaults to /.", pattern: #"^/[^\s?#]*$"#),
        "walCompression": .boolean(
            "Whether Prometheus compresses its write-ahead log. Defaults to true, as in Prometheus."),
        "additionalArgs": .list(
            of: AdditionalArgument.schema, by: "name", max: 50,
            "Additional arguments of Prometheus. Arguments that Tributary sets itself are not allowed."),
        "web": AgentWebSpec.schema,
    ]

    private static let portName = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"

    private static func named(_ description: String) -> Schema {
        .object(["name": .text("The name.", max: 63)], required: ["name"], description: description).with {
            $0.preservesUnknownFields = true
        }
    }

    private static func containers(_ description: String) -> Schema {
        .list(of: named("A container, as in a pod."), by: "name", max: 20, description)
    }
}
