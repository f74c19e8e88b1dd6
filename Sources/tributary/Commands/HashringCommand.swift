import ArgumentParser
import HashringController
import Kube
import Observability

struct HashringCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hashring",
        abstract: "Run as a replacement for thanos-receive-controller.",
        usage: "tributary hashring <options>",
        discussion: """
            Keeps a generated hashring ConfigMap up to date with a base ConfigMap and the labelled StatefulSets of one \
            namespace. Labels, ConfigMaps and metrics are those of thanos-receive-controller.

            Flags have the syntax of thanos-receive-controller: -flag, --flag, --flag=value, --switch=false.

            docs/migrating.md lists the intended differences, and how to replace one by the other.
            """)

    @OptionGroup(title: "Options of thanos-receive-controller") var controller: ReceiveControllerOptions
    @OptionGroup(title: "Options that only Tributary has") var membership: MembershipOptions

    /// The flags with a value, for ``GoFlags``.
    static let values: Set<String> = [
        "kubeconfig", "namespace", "label", "statefulset-label", "cluster-domain", "configmap-name",
        "configmap-generated-name", "file-name", "port", "scheme", "internal-addr", "scale-timeout",
        "pod-az-annotation-key", "replication-factor", "algorithm", "join-after", "leave-after", "min-replicas",
        "max-step", "step-interval", "log-format", "log-level",
    ]
    /// The flags without a value, for ``GoFlags``.
    static let switches: Set<String> = [
        "allow-only-ready-replicas", "allow-dynamic-scaling", "annotate-pods-on-change", "use-az-aware-hashring",
        "leader-elect",
    ]

    func run() async throws {
        var ring = controller.dropInOptions
        membership.apply(to: &ring)
        let process = try ControllerProcess(
            kubeconfig: controller.kubeconfig.isEmpty ? nil : controller.kubeconfig, log: membership.log)
        var settings = DropInController.Process()
        settings.observabilityAddress = try BindAddress.parse(controller.internalAddr)
        settings.identity = ProcessIdentity.make()
        if membership.leaderElect {
            settings.lease = ObjectKey(namespace: ring.namespace, name: controller.configmapGeneratedName)
        }
        let dropIn = DropInController(
            client: process.client, options: ring, process: settings, registry: process.registry,
            logger: process.logger)
        process.logStart()
        controller.logDifferences(process.logger)
        try await process.run { try await dropIn.run() }
    }
}
