import ArgumentParser
import Hashring
import HashringController
import Kube
import Logging
import Observability

struct HashringCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hashring",
        abstract: "Run in the place of thanos-receive-controller: same flags, labels, ConfigMaps and metrics.",
        discussion: """
            Keeps one generated hashring ConfigMap in step with a base ConfigMap and the labelled StatefulSets of one
            namespace. Flags are read as thanos-receive-controller reads them: -flag, --flag, --flag=value,
            --switch=false. docs/migrating.md tells what differs on purpose, and how to swap the one for the other.
            """)

    @Option(help: "The kubeconfig file; the pod's ServiceAccount where absent.")
    var kubeconfig = ""

    @Option(help: "The namespace to watch.")
    var namespace = "default"

    @Option(help: "The label, key=value, that StatefulSets must have to be watched, and pods to be annotated.")
    var label = DropInOptions.Label.standard.description

    @Option(help: "Deprecated: the same as --label, and used instead where it is given.")
    var statefulsetLabel = ""

    @Option(help: "The cluster's DNS domain; empty where addresses are to end at .svc.")
    var clusterDomain = "cluster.local"

    @Option(help: "The base ConfigMap, with the rings and their tenants. Required.")
    var configmapName = ""

    @Option(help: "The generated ConfigMap, which receivers read. Required.")
    var configmapGeneratedName = ""

    @Option(help: "The key in both ConfigMaps under which the hashring file stands. Required.")
    var fileName = ""

    @Option(help: "The receivers' gRPC port.")
    var port = 10901

    @Option(help: "Accepted and not used, as in thanos-receive-controller.")
    var scheme = "http"

    @Option(help: "Where /metrics, /healthz and /readyz are served: HOST:PORT or :PORT; 0 serves none.")
    var internalAddr = ":8080"

    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast,
        help: "Accepted: receivers join when they are Ready, with this switch or without.")
    var allowOnlyReadyReplicas = false

    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast,
        help: "Let members that are missing or unready for --leave-after leave their ring, as far as copies allow.")
    var allowDynamicScaling = false

    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast,
        help: "Annotate the labelled pods when the file has changed, so that kubelets bring it at once.")
    var annotatePodsOnChange = false

    @Option(help: "Accepted and not used: nothing sleeps here. See --join-after.")
    var scaleTimeout: Span?

    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast,
        help: "Give each receiver a zone: its StatefulSet's name, or what --pod-az-annotation-key says.")
    var useAzAwareHashring = false

    @Option(help: "The pods' annotation that names the zone.")
    var podAzAnnotationKey = ""

    @Option(
        help: """
            Tributary's own: the copies of each series; where absent, --receive.replication-factor of the receivers' \
            arguments, else 1.
            """)
    var replicationFactor: Int?

    @Option(
        help: """
            Tributary's own: how rings hash that do not say so, hashmod or ketama; where absent, \
            --receive.hashrings-algorithm of the receivers' arguments.
            """)
    var algorithm: String?

    @Option(help: "Tributary's own: how long a receiver has to be Ready before it joins.")
    var joinAfter = Span(duration: .zero)

    @Option(
        help: """
            Tributary's own: how long a member may be missing or unready before it leaves; where absent 5m with \
            --allow-dynamic-scaling, and else it stays.
            """)
    var leaveAfter: Span?

    @Option(help: "Tributary's own: the fewest members of a ring; the replication factor holds as well.")
    var minReplicas = 1

    @Option(help: "Tributary's own: the most members that join or leave at one time; where absent any number.")
    var maxStep: Int?

    @Option(help: "Tributary's own: the time between two such steps.")
    var stepInterval = Span(duration: .seconds(30))

    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast,
        help: "Tributary's own: write only while holding a lease, so that several replicas can run; needs leases.")
    var leaderElect = false

    @Option(
        help: "Tributary's own: how log lines are written.")
    var logFormat: LogFormat = .logfmt

    @Option(help: "Tributary's own: the least severe log lines to write: debug, info, warning, error.")
    var logLevel: Logger.Level = .info

    /// The flags that take a value, and the switches, by name: what ``GoFlags`` has to know.
    static let values: Set<String> = [
        "kubeconfig", "namespace", "label", "statefulset-label", "cluster-domain", "configmap-name",
        "configmap-generated-name", "file-name", "port", "scheme", "internal-addr", "scale-timeout",
        "pod-az-annotation-key", "replication-factor", "algorithm", "join-after", "leave-after", "min-replicas",
        "max-step", "step-interval", "log-format", "log-level",
    ]
    static let switches: Set<String> = [
        "allow-only-ready-replicas", "allow-dynamic-scaling", "annotate-pods-on-change", "use-az-aware-hashring",
        "leader-elect",
    ]

    func validate() throws {
        for (name, value) in [
            ("configmap-name", configmapName), ("configmap-generated-name", configmapGeneratedName),
            ("file-name", fileName), ("namespace", namespace),
        ] where value.isEmpty {
            throw ValidationError("--\(name): is required and should not be empty")
        }
        guard configmapName != configmapGeneratedName else {
            throw ValidationError(
                "--configmap-generated-name \(configmapGeneratedName): should not be the base ConfigMap, which would be "
                    + "written over")
        }
        let (flag, text) = statefulsetLabel.isEmpty ? ("label", label) : ("statefulset-label", statefulsetLabel)
        guard DropInOptions.Label(text) != nil else { throw ValidationError("--\(flag) \(text): should be key=value") }
        guard (1...65535).contains(port) else { throw ValidationError("--port \(port): should be from 1 to 65535") }
        for (name, value) in [
            ("replication-factor", replicationFactor), ("min-replicas", minReplicas), ("max-step", maxStep),
        ] {
            guard let value else { continue }
            guard (1...10_000).contains(value) else { throw ValidationError("--\(name) \(value): should be 1 or more") }
        }
        if let algorithm, ![Algorithm.hashmod, .ketama].contains(Algorithm(rawValue: algorithm)) {
            throw ValidationError("--algorithm \(algorithm): should be hashmod or ketama")
        }
        do { _ = try BindAddress.parse(internalAddr) } catch { throw ValidationError("--internal-addr: \(error)") }
    }

    private var options: DropInOptions {
        var options = DropInOptions(
            baseName: configmapName, generatedName: configmapGeneratedName, fileName: fileName)
        options.namespace = namespace
        options.label = DropInOptions.Label(statefulsetLabel.isEmpty ? label : statefulsetLabel) ?? .standard
        options.clusterDomain = clusterDomain
        options.port = port
        options.usesZones = useAzAwareHashring
        options.zoneAnnotation = podAzAnnotationKey.isEmpty ? nil : podAzAnnotationKey
        options.annotatesPods = annotatePodsOnChange
        options.replicationFactor = replicationFactor
        options.algorithm = algorithm.map { Algorithm(rawValue: $0) }
        options.joinAfter = joinAfter.duration
        options.leaveAfter = leaveAfter?.duration ?? (allowDynamicScaling ? .seconds(300) : nil)
        options.minimumReplicas = minReplicas
        options.maximumStep = maxStep
        options.stepInterval = stepInterval.duration
        return options
    }

    func run() async throws {
        var cluster = ClusterOptions()
        cluster.kubeconfig = kubeconfig.isEmpty ? nil : kubeconfig
        cluster.context = nil
        let running = try LongRunning(cluster, logFormat, logLevel)
        var process = DropInController.Process()
        process.observabilityAddress = try BindAddress.parse(internalAddr)
        process.identity = Identity.make()
        if leaderElect { process.lease = ObjectKey(namespace: namespace, name: configmapGeneratedName) }
        let controller = DropInController(
            client: running.client, options: options, process: process, registry: running.registry,
            logger: running.logger)
        running.announce()
        warn(running.logger)
        try await running.run { try await controller.run() }
    }

    /// Tells which flags have no effect, or not the one that thanos-receive-controller gives them.
    private func warn(_ logger: Logger) {
        if !statefulsetLabel.isEmpty { logger.warning("--statefulset-label is deprecated: use --label") }
        if scaleTimeout != nil {
            logger.warning("--scale-timeout is not used: receivers join when they are Ready; see --join-after")
        }
        if scheme != "http" { logger.warning("--scheme is not used") }
        if !podAzAnnotationKey.isEmpty && !useAzAwareHashring {
            logger.warning("--pod-az-annotation-key has no effect without --use-az-aware-hashring")
        }
    }
}

/// A time span on the command line, as Go writes them.
struct Span: ExpressibleByArgument, CustomStringConvertible {
    var duration: Duration

    init(duration: Duration) { self.duration = duration }

    init?(argument: String) {
        guard let duration = GoDuration(argument)?.duration else { return nil }
        self.init(duration: duration)
    }

    var description: String { "\(duration.components.seconds)s" }
    var defaultValueDescription: String { description }
}
