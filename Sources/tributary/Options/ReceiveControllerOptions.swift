import ArgumentParser
import HashringController
import Logging
import Observability

/// The flags of thanos-receive-controller.
struct ReceiveControllerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The kubeconfig file. Defaults to $KUBECONFIG, the pod's ServiceAccount or ~/.kube/config.",
            valueName: "file"))
    var kubeconfig = ""

    @Option(help: ArgumentHelp("The namespace to watch.", valueName: "name"))
    var namespace = "default"

    @Option(
        help: ArgumentHelp(
            "The label of the StatefulSets to watch, and of the pods to annotate.", valueName: "key=value"))
    var label = DropInOptions.Label.standard.description

    @Option(help: ArgumentHelp("Deprecated: overrides --label.", valueName: "key=value"))
    var statefulsetLabel = ""

    @Option(
        help: ArgumentHelp("The cluster's DNS domain. Empty for addresses that end in .svc.", valueName: "domain"))
    var clusterDomain = "cluster.local"

    @Option(
        help: ArgumentHelp("The base ConfigMap, with the hashrings and their tenants. Required.", valueName: "name"))
    var configmapName = ""

    @Option(help: ArgumentHelp("The generated ConfigMap, which receivers read. Required.", valueName: "name"))
    var configmapGeneratedName = ""

    @Option(help: ArgumentHelp("The key of the hashring file in both ConfigMaps. Required.", valueName: "key"))
    var fileName = ""

    @Option(help: ArgumentHelp("The receivers' gRPC port.", valueName: "port"))
    var port = 10901

    @Option(help: "Accepted but not used, as in thanos-receive-controller.")
    var scheme = "http"

    @Option(
        help: ArgumentHelp(
            "The address of /metrics, /healthz and /readyz: HOST:PORT or :PORT. 0 disables them.",
            valueName: "address"))
    var internalAddr = ":8080"

    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast,
        help: "Accepted but not used: receivers always join when they are Ready.")
    var allowOnlyReadyReplicas = false

    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast,
        help: """
            Remove members that are missing or unready for --leave-after, but keep as many as the replication factor \
            needs.
            """)
    var allowDynamicScaling = false

    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast,
        help: "Annotate the labelled pods when the file changes, so that kubelets update their volumes at once.")
    var annotatePodsOnChange = false

    @Option(
        help: ArgumentHelp("Accepted but not used: Tributary does not sleep. See --join-after.", valueName: "duration"))
    var scaleTimeout: DurationArgument?

    @Flag(
        inversion: .prefixedNo, exclusivity: .chooseLast,
        help: "Write a zone for each receiver: the StatefulSet's name, or the pod's --pod-az-annotation-key.")
    var useAzAwareHashring = false

    @Option(help: ArgumentHelp("The annotation of pods that has the zone.", valueName: "key"))
    var podAzAnnotationKey = ""

    func validate() throws {
        for (name, value) in [
            ("configmap-name", configmapName), ("configmap-generated-name", configmapGeneratedName),
            ("file-name", fileName), ("namespace", namespace),
        ] where value.isEmpty {
            throw ValidationError("--\(name): is required and must not be empty")
        }
        guard configmapName != configmapGeneratedName else {
            throw ValidationError(
                "--configmap-generated-name \(configmapGeneratedName): is the base ConfigMap, which would be "
                    + "overwritten; expected another name")
        }
        let (flag, text) = statefulsetLabel.isEmpty ? ("label", label) : ("statefulset-label", statefulsetLabel)
        guard DropInOptions.Label(text) != nil else { throw ValidationError("--\(flag) \(text): should be key=value") }
        guard (1...65535).contains(port) else { throw ValidationError("--port \(port): should be from 1 to 65535") }
        do throws(BindAddress.Fault) {
            _ = try BindAddress.parse(internalAddr)
        } catch {
            throw ValidationError("--internal-addr: \(error)")
        }
    }

    /// What the flags mean for the hashring.
    var dropInOptions: DropInOptions {
        var options = DropInOptions(
            baseName: configmapName, generatedName: configmapGeneratedName, fileName: fileName)
        options.namespace = namespace
        options.label = DropInOptions.Label(statefulsetLabel.isEmpty ? label : statefulsetLabel) ?? .standard
        options.clusterDomain = clusterDomain
        options.port = port
        options.usesZones = useAzAwareHashring
        options.zoneAnnotation = podAzAnnotationKey.isEmpty ? nil : podAzAnnotationKey
        options.annotatesPods = annotatePodsOnChange
        options.leaveAfter = allowDynamicScaling ? .seconds(300) : nil
        return options
    }

    /// Logs which of the given flags have no effect, or another one than in thanos-receive-controller.
    func logDifferences(_ logger: Logger) {
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
