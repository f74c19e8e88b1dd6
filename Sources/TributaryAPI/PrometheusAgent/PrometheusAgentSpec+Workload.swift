import Kube

/// The fields that shape an agent's pods and what they are part of.
extension PrometheusAgentSpec {
    static let workloadProperties: Schema.Properties = [
        "mode": .choice(
            """
            What the pods are part of: a StatefulSet for each shard; a Deployment for each shard, without volumes of \
            their own; or a DaemonSet, whose pods each scrape the pods of their node. Defaults to StatefulSet.
            """, ["StatefulSet", "Deployment", "DaemonSet"]),
        "storage": AgentStorageSpec.schema,
        "persistentVolumeClaimRetentionPolicy": .object(
            [
                "whenDeleted": .choice("When the agent is deleted. Defaults to Retain.", ["Retain", "Delete"]),
                "whenScaled": .choice("When there are fewer replicas. Defaults to Retain.", ["Retain", "Delete"]),
            ], description: "What happens to PersistentVolumeClaims."),
        "drainTimeout": .duration(
            """
            How long a shard that is taken away may go on sending what it has, at most; 0s has it go at once. Defaults \
            to 2h, what agents keep at most by themselves.
            """),
        "podDisruptionBudget": .object(
            [
                "maxUnavailable": .intOrString("How many of a shard's pods may be away at a time. Defaults to 1."),
                "enabled": .boolean("Whether there is one. Defaults to true where there are several replicas."),
            ], description: "Keeps node drains from taking all replicas of a shard at once."),
        "imagePullPolicy": .choice("When the image is pulled.", ["Always", "IfNotPresent", "Never"]),
        "imagePullSecrets": .list(
            of: .object(["name": .objectName("The Secret's name.")], required: ["name"]), by: "name", max: 20,
            "The Secrets with which images are pulled."),
        "reloaderImage": .image(
            """
            The image with the reload command, which runs beside Prometheus where that cannot follow its configuration \
            by itself: before version 3.0, and in DaemonSets. Defaults to the image that the operator \
            runs from.
            """),
        "containers": containers("Further containers; one named prometheus or reload is merged into Tributary's own"),
        "initContainers": containers("Further init containers"),
        "volumes": .list(of: named("A volume, as in a pod."), by: "name", max: 100, "Further volumes of the pods."),
        "volumeMounts": .list(
            of: .object(
                [
                    "name": .text("The volume's name.", max: 63),
                    "mountPath": .text("Where it is mounted.", max: 1024),
                ], required: ["name", "mountPath"], description: "A volume mount, as in a container."
            ).with { $0.preservesUnknownFields = true },
            by: "mountPath", max: 100, "Further volume mounts of Prometheus's container."),
        "secrets": .set(
            of: .objectName("A Secret's name."), max: 50, "Secrets to mount below /etc/prometheus/secrets."),
        "configMaps": .set(
            of: .objectName("A ConfigMap's name."), max: 50, "ConfigMaps to mount below /etc/prometheus/configmaps."),
        "securityContext": .anyObject(
            """
            The pods' security context, in the place of Tributary's own, which passes the restricted Pod Security \
            Standard with user 65534.
            """),
        "topologySpreadConstraints": .list(
            of: .anyObject("A constraint, as in a pod."), max: 20, "How pods are spread over zones and nodes."),
        "priorityClassName": .objectName("The pods' priority class."),
        "terminationGracePeriodSeconds": .integer(
            "How long the pods may take to end. Defaults to 600.", format: "int64"
        ).with { $0.minimum = 0 },
        "minReadySeconds": .count("How long a pod has to be ready before it counts. Defaults to 0."),
        "podManagementPolicy": .choice(
            "Whether a StatefulSet's pods come one after the other. Defaults to Parallel.",
            ["OrderedReady", "Parallel"]),
        "updateStrategy": .anyObject("How pods are replaced, as in the StatefulSet, Deployment or DaemonSet."),
        "automountServiceAccountToken": .boolean(
            "Whether pods get a token for the API server. Defaults to whether a job discovers its targets by it."),
        "hostNetwork": .boolean("Whether pods use their node's network. Defaults to false."),
        "hostAliases": .list(
            of: .object(
                [
                    "ip": .text("The address.", max: 64),
                    "hostnames": .set(of: .text("A name."), max: 64, "The names."),
                ], required: ["ip", "hostnames"]), by: "ip", max: 64, "Names to resolve without DNS."),
        "dnsPolicy": .choice(
            "How names are resolved.", ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"]),
        "dnsConfig": .anyObject("Further parameters of DNS, as in a pod."),
        "enableServiceLinks": .boolean(
            "Whether Services' addresses are environment variables. Defaults to true, as in Kubernetes."),
        "maximumStartupDurationSeconds": .count(
            "How long Prometheus may take to start, such as to read its write-ahead log. Defaults to 900.", from: 60),
        "listenLocal": .boolean(
            "Whether Prometheus listens on loopback only, for a container beside it to reach. Defaults to false."),
        "portName": .text("The name of Prometheus's port. Defaults to web.", max: 15, pattern: portName),
        "externalUrl": .url("The URL under which people reach Prometheus."),
        "routePrefix": .text("The path under which Prometheus answers. Defaults to /.", pattern: #"^/[^\s?#]*$"#),
        "walCompression": .boolean("Whether the write-ahead log is compressed. Defaults to Prometheus's own, true."),
        "additionalArgs": .list(
            of: .object(
                [
                    "name": .text("The argument without its dashes.", pattern: "^[a-z][-a-z0-9._]*$"),
                    "value": .string("Its value; absent for a switch.").with { $0.maxLength = 4096 },
                ], required: ["name"]), by: "name", max: 50,
            "Further arguments of Prometheus; none that Tributary sets itself."),
        "web": AgentWebSpec.schema,
    ]

    private static let portName = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"

    private static func named(_ description: String) -> Schema {
        .object(["name": .text("The name.", max: 63)], required: ["name"], description: description).with {
            $0.preservesUnknownFields = true
        }
    }

    private static func containers(_ what: String) -> Schema {
        .list(
            of: named("A container, as in a pod."), by: "name", max: 20,
            "\(what), by name, as kubectl patch does.")
    }

    /// The arguments that Tributary sets itself.
    private static let ownArguments = [
        "config.file", "agent", "enable-feature", "storage.agent.path", "web.enable-lifecycle", "web.listen-address",
        "web.config.file", "web.route-prefix", "web.external-url", "log.level", "log.format",
        "storage.agent.wal-compression", "no-storage.agent.wal-compression",
    ]

    static let workloadRules: [CheckedRule<PrometheusAgentSpec>] = [
        CheckedRule(
            "!has(self.mode) || self.mode != 'DaemonSet' || (!has(self.replicas) && !has(self.shards))",
            "should be absent with mode DaemonSet: there is a pod on each node", at: "replicas"
        ) { $0.mode != "DaemonSet" || $0.replicas == nil && $0.shards == nil },
        CheckedRule(
            """
            !has(self.mode) || self.mode != 'DaemonSet' || \
            !(\(nodeLocalOnly.map { "has(self.\($0.name))" }.joined(separator: " || ")))
            """,
            "should be absent with mode DaemonSet: pods scrape what is on their node, which PodMonitors find",
            at: "mode"
        ) { spec in spec.mode != "DaemonSet" || !nodeLocalOnly.contains { $0.isSet(spec) } },
        CheckedRule(
            """
            !has(self.mode) || self.mode == 'StatefulSet' || !has(self.storage) || \
            !(has(self.storage.size) || has(self.storage.volumeClaimTemplate))
            """,
            "should be an emptyDir, ephemeral or a hostPath: only a StatefulSet's pods have claims of their own",
            at: "storage"
        ) { $0.mode ?? "StatefulSet" == "StatefulSet" || $0.storage?.claim == nil },
        CheckedRule(
            "!has(self.storage) || !has(self.storage.hostPath) || (has(self.mode) && self.mode == 'DaemonSet')",
            "should have a hostPath with mode DaemonSet only: two pods of one node would share it", at: "storage"
        ) { $0.storage?.hostPath == nil || $0.mode == "DaemonSet" },
        CheckedRule(
            """
            !has(self.additionalArgs) || !self.additionalArgs.exists(a, a.name in \
            [\(ownArguments.map { "'\($0)'" }.joined(separator: ","))])
            """,
            "should have none of the arguments that Tributary sets itself", at: "additionalArgs"
        ) { spec in !(spec.additionalArgs ?? []).contains { ownArguments.contains($0.name) } },
    ]

    /// What finds targets on other nodes too.
    private static var nodeLocalOnly: [(name: String, isSet: (PrometheusAgentSpec) -> Bool)] {
        [
            ("serviceMonitorSelector", { $0.serviceMonitorSelector != nil }),
            ("probeSelector", { $0.probeSelector != nil }),
            ("scrapeConfigSelector", { $0.scrapeConfigSelector != nil }),
            ("additionalScrapeConfigs", { $0.additionalScrapeConfigs != nil }),
        ]
    }
}
