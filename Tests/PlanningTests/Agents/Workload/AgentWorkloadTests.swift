import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Pods of agents")
struct AgentWorkloadTests {
    /// The plan of an agent with additional fields.
    static func plan(
        _ spec: String, saying messages: [String] = [], _ change: (inout Scene) -> Void = { _ in }
    ) throws -> Plan {
        var scene = try AgentPlannerTests.scene(
            Samples.agent + spec.split(separator: "\n").map { "\n  \($0)" }.joined())
        try scene.reset(credentials: .assumed)
        change(&scene)
        let plan = scene.plan(agent: "cluster")
        #expect(plan.messages == messages)
        return plan
    }

    private func pod(_ plan: Plan, _ kind: String = "StatefulSet", _ name: String = "cluster-agent") throws -> JSON {
        try #require(try plan.object(kind, name).json["spec", "template", "spec"])
    }

    private func container(_ pod: JSON, _ name: String) throws -> JSON {
        let all = (pod["containers"]?.array ?? []) + (pod["initContainers"]?.array ?? [])
        return try #require(all.first { $0["name"]?.string == name }, "no container \(name)")
    }

    private func arguments(_ container: JSON) -> [String] { (container["args"]?.array ?? []).compactMap(\.string) }

    // MARK: - What follows the configuration

    @Test func `Pods run Prometheus without a sidecar from version 3 on`() throws {
        let plan = try Self.plan("version: v3.5.0")
        let pod = try pod(plan)
        #expect(pod["containers"]?.array?.count == 1)
        #expect(pod["initContainers"] == nil)
        #expect(pod["shareProcessNamespace"] == nil)
        #expect(arguments(try container(pod, "prometheus")).contains("--enable-feature=auto-reload-config"))
    }

    @Test func `Pods with an older Prometheus have a sidecar that reloads a new configuration without a restart`()
        throws
    {
        let plan = try Self.plan("version: v2.53.0")
        let pod = try pod(plan)
        #expect(pod["containers"]?.array?.compactMap { $0["name"]?.string } == ["prometheus", "reload"])
        #expect(pod["shareProcessNamespace"] == true)
        #expect(arguments(try container(pod, "init-config")).last == "--once")
        #expect(arguments(try container(pod, "reload")).first == "reload")
        let prometheus = arguments(try container(pod, "prometheus"))
        #expect(prometheus.first == "--config.file=/etc/prometheus/config_out/prometheus.yaml")
        #expect(!prometheus.contains("--web.enable-lifecycle"))
        // The pods do not change with the configuration.
        let other = try Self.plan("version: v2.53.0\nscrapeInterval: 17s")
        #expect(try other.object("StatefulSet", "cluster-agent") == plan.object("StatefulSet", "cluster-agent"))
        #expect(try other.object("Secret", "cluster-agent") != plan.object("Secret", "cluster-agent"))
    }

    // MARK: - What they are part of

    @Test func `An agent in DaemonSet mode has a pod on each node, which knows the node's name`() throws {
        let plan = try Self.plan("mode: DaemonSet\nstorage: {hostPath: {path: /var/lib/agent}}")
        let spec = try #require(try plan.object("DaemonSet", "cluster-agent").json["spec"])
        #expect(spec["replicas"] == nil)
        let pod = try pod(plan, "DaemonSet")
        #expect(arguments(try container(pod, "reload")).contains("--expand=NODE_NAME"))
        let volumes = pod["volumes"]?.array ?? []
        #expect(
            volumes.contains([
                "name": "data", "hostPath": ["path": "/var/lib/agent", "type": "DirectoryOrCreate"],
            ]))
        #expect(!plan.names.contains { $0.hasPrefix("StatefulSet") || $0.hasPrefix("PodDisruptionBudget") })
    }

    @Test func `Pods of a DaemonSet discover only the pods of their own node`() throws {
        let plan = try Self.plan("mode: DaemonSet\npodMonitorSelector: {}") { scene in
            try? scene.add(
                """
                apiVersion: monitoring.coreos.com/v1
                kind: PodMonitor
                metadata: {name: app}
                spec: {selector: {matchLabels: {app: a}}, podMetricsEndpoints: [{port: web}]}
                """)
        }
        let jobs = try AgentPlannerTests.configuration(plan)["scrape_configs"]?.array ?? []
        let job = try #require(jobs.first { $0["job_name"]?.string?.hasPrefix("podMonitor/") == true })
        #expect(
            job["kubernetes_sd_configs"]?[0]?["selectors"] == [["role": "pod", "field": "spec.nodeName=$(NODE_NAME)"]])
    }

    @Test func `An agent in DaemonSet mode is ready when the DaemonSet is ready on all nodes`() throws {
        func readiness(_ ready: Int) throws -> String {
            try Self.plan("mode: DaemonSet") { scene in
                scene.snapshot.take(
                    .workload(
                        WorkloadKey(.daemonSets, Scene.key("cluster-agent")),
                        Workload(
                            Object([
                                "kind": "DaemonSet", "metadata": ["name": "cluster-agent", "generation": 1],
                                "status": [
                                    "observedGeneration": 1, "desiredNumberScheduled": 3, "numberReady": JSON(ready),
                                    "updatedNumberScheduled": 3,
                                ],
                            ])), of: nil))
            }.readiness(of: "cluster")
        }
        #expect(try readiness(2) == "False WaitingForPods")
        #expect(try readiness(3) == "True Ready")
    }

    @Test func `An agent in Deployment mode has a Deployment, and only ephemeral volumes for each pod`()
        throws
    {
        let plan = try Self.plan(
            """
            mode: Deployment
            replicas: 2
            updateStrategy: {type: Recreate}
            storage: {ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}}
            """)
        let spec = try #require(try plan.object("Deployment", "cluster-agent").json["spec"])
        #expect(spec["replicas"] == 2)
        #expect(spec["strategy"] == ["type": "Recreate"])
        #expect(spec["volumeClaimTemplates"] == nil)
        let data = try pod(plan, "Deployment")["volumes"]?.array?.first { $0["name"] == "data" }
        #expect(data?["ephemeral", "volumeClaimTemplate", "spec", "accessModes"] == ["ReadWriteOnce"])
    }

    @Test(arguments: [
        ("size: 5Gi", "5Gi"), ("volumeClaimTemplate: {spec: {resources: {requests: {storage: 7Gi}}}}", "7Gi"),
    ])
    func `Pods keep their write-ahead log on a persistent volume`(storage: String, size: String) throws {
        let spec = try #require(
            try Self.plan("storage: {\(storage)}").object("StatefulSet", "cluster-agent").json["spec"])
        #expect(
            spec["volumeClaimTemplates"]?[0]?["spec", "resources", "requests", "storage"]?.string == size)
    }

    @Test(arguments: [
        ("replicas: 1", 0), ("replicas: 2", 1), ("replicas: 2\nshards: 3", 3),
        ("replicas: 2\npodDisruptionBudget: {enabled: false}", 0), ("podDisruptionBudget: {enabled: true}", 1),
    ])
    func `Shards with several replicas get a disruption budget`(spec: String, budgets: Int) throws {
        let found = try Self.plan(spec).objects.filter { $0.kind == "PodDisruptionBudget" }
        #expect(found.count == budgets)
        #expect(found.allSatisfy { $0.json["spec", "maxUnavailable"] == 1 })
    }

    @Test func `Agents are planned with any number of ready pods in the status of their workloads`() throws {
        let plan = try Self.plan("shards: 2") { scene in
            for name in ["cluster-agent", "cluster-agent-shard-1"] {
                let object = Object(["kind": "StatefulSet", "status": ["readyReplicas": .int(.max)]])
                scene.snapshot.take(
                    .workload(WorkloadKey(.statefulSets, Scene.key(name)), Workload(object), of: nil))
            }
        }
        #expect(try plan.condition("Ready", of: "cluster").message == "all 2 pods are ready")
    }

    // MARK: - What users add

    @Test func `Containers and volumes of the user are merged into the pods by name`() throws {
        let plan = try Self.plan(
            """
            replicas: 2
            containers:
            - {name: prometheus, env: [{name: GOGC, value: "50"}], resources: {limits: {memory: 1Gi}}}
            - {name: proxy, image: proxy:1}
            initContainers: [{name: chown, image: busybox}]
            volumes: [{name: extra, emptyDir: {}}, {name: data, emptyDir: {medium: Memory}}]
            volumeMounts: [{name: extra, mountPath: /extra}]
            secrets: [more]
            """)
        let pod = try pod(plan)
        #expect(pod["containers"]?.array?.compactMap { $0["name"]?.string } == ["prometheus", "proxy"])
        #expect(pod["initContainers"]?.array?.count == 1)
        let prometheus = try container(pod, "prometheus")
        #expect(prometheus["image"]?.string?.hasPrefix("quay.io/prometheus/prometheus:") == true)
        #expect(prometheus["env"]?.array?.compactMap { $0["name"]?.string }.sorted() == ["GOGC", "POD_NAME"])
        #expect(
            prometheus["resources"] == ["requests": ["cpu": "50m", "memory": "128Mi"], "limits": ["memory": "1Gi"]])
        let mounts = prometheus["volumeMounts"]?.array?.compactMap { $0["mountPath"]?.string } ?? []
        #expect(mounts.contains("/extra") && mounts.contains("/etc/prometheus/secrets/more"))
        let data = pod["volumes"]?.array?.filter { $0["name"] == "data" }
        #expect(data == [["name": "data", "emptyDir": ["medium": "Memory"]]])
    }

    @Test func `An agent with a container without a name gets an error, and its existing pods stay`() throws {
        let plan = try Self.plan(
            "containers: [{image: proxy}]",
            saying: [
                "error: PrometheusAgent observability/cluster: spec: the pod cannot be merged with containers "
                    + "or volumes: "
                    + #"map: {"image":"proxy"} does not contain declared merge key: name"#
            ])
        #expect(plan.objects.isEmpty && plan.keepsExisting)
        #expect(try plan.readiness(of: "cluster") == "False InvalidSpec")
    }

    @Test func `Pods have the scheduling settings of the specification`() throws {
        let plan = try Self.plan(
            """
            priorityClassName: high
            hostNetwork: true
            terminationGracePeriodSeconds: 30
            imagePullSecrets: [{name: pull}]
            imagePullPolicy: Always
            topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]
            securityContext: {runAsUser: 1000}
            minReadySeconds: 10
            podManagementPolicy: OrderedReady
            persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}
            """)
        let pod = try pod(plan)
        #expect(pod["priorityClassName"] == "high")
        #expect(pod["dnsPolicy"] == "ClusterFirstWithHostNet")
        #expect(pod["terminationGracePeriodSeconds"] == 30)
        #expect(pod["imagePullSecrets"] == [["name": "pull"]])
        #expect(pod["securityContext"] == ["runAsUser": 1000])
        #expect(pod["topologySpreadConstraints"]?.array?.count == 1)
        #expect(try container(pod, "prometheus")["imagePullPolicy"] == "Always")
        let spec = try #require(try plan.object("StatefulSet", "cluster-agent").json["spec"])
        #expect(spec["minReadySeconds"] == 10)
        #expect(spec["podManagementPolicy"] == "OrderedReady")
        #expect(
            spec["persistentVolumeClaimRetentionPolicy"] == ["whenDeleted": "Retain", "whenScaled": "Delete"])
    }

    // MARK: - The web server

    @Test func `Pods are probed on the port and path where Prometheus answers`() throws {
        let plan = try Self.plan(
            """
            routePrefix: /agent/
            portName: metrics
            maximumStartupDurationSeconds: 1800
            web:
              tlsConfig: {cert: {secret: {name: tls, key: tls.crt}}, keySecret: {name: tls, key: tls.key}}
            """)
        let prometheus = try container(try pod(plan), "prometheus")
        #expect(
            prometheus["readinessProbe", "httpGet"] == [
                "path": "/agent/-/ready", "port": "metrics", "scheme": "HTTPS",
            ])
        #expect(prometheus["startupProbe", "failureThreshold"] == 120)
        let web = try #require(
            try plan.object("ConfigMap", "cluster-agent-web").json["data", "web-config.yaml"]?.string)
        #expect(web.contains("cert_file: /etc/prometheus/secrets/tls/tls.crt"))
        let argument = "--web.config.file=/etc/prometheus/configmaps/cluster-agent-web/web-config.yaml"
        #expect(arguments(prometheus).contains(argument))
        #expect(try plan.object("Service", "cluster-agent").json["spec", "ports"]?[0]?["name"] == "metrics")
    }

    @Test(arguments: [
        ("https://example.org/agent", "/agent"), ("https://example.org", ""), ("https://e.org/a/?x", "/a"),
    ])
    func `Pods are probed under the path of their external URL`(url: String, prefix: String) throws {
        let prometheus = try container(try pod(try Self.plan("externalUrl: \(url)")), "prometheus")
        #expect(prometheus["livenessProbe", "httpGet", "path"]?.string == "\(prefix)/-/healthy")
    }

    @Test func `Pods that listen on the loopback interface only are probed by a command in the container`() throws {
        let prometheus = try container(try pod(try Self.plan("listenLocal: true")), "prometheus")
        #expect(prometheus["ports"] == nil)
        #expect(prometheus["readinessProbe", "httpGet"] == nil)
        #expect(
            prometheus["readinessProbe", "exec", "command"]?.array?.last == "http://127.0.0.1:9090/-/ready")
        #expect(arguments(prometheus).contains("--web.listen-address=127.0.0.1:9090"))
    }

    @Test func `Prometheus gets the additional arguments and features of the specification`() throws {
        let plan = try Self.plan(
            """
            enableFeatures: [extra-scrape-metrics]
            walCompression: false
            additionalArgs: [{name: storage.agent.retention.max-time, value: 6h}, {name: some-switch}]
            """)
        let arguments = arguments(try container(try pod(plan), "prometheus"))
        #expect(arguments.contains("--enable-feature=extra-scrape-metrics,auto-reload-config"))
        #expect(arguments.contains("--no-storage.agent.wal-compression"))
        #expect(arguments.suffix(2) == ["--storage.agent.retention.max-time=6h", "--some-switch"])
    }
}
