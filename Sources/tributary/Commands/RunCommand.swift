import ArgumentParser
import Kube
import Observability
import Operator

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the operator.",
        usage: "tributary run [<options>]",
        discussion: """
            The cluster's configuration is that of --kubeconfig, else of $KUBECONFIG, else of the pod's ServiceAccount, \
            else of ~/.kube/config.

            SIGTERM and SIGINT shut the operator down gracefully: it finishes what it is applying and releases the Lease.
            """)

    @Option(help: ArgumentHelp("The kubeconfig file.", valueName: "file"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context. Defaults to the current context.", valueName: "name"))
    var context: String?

    @Option(help: ArgumentHelp("The only namespace to watch. Defaults to all namespaces.", valueName: "name"))
    var namespace: String?

    @Flag(inversion: .prefixedNo, help: "Write only while holding a Lease, so that several replicas can run.")
    var leaderElect = false

    @Option(help: ArgumentHelp("The Lease's namespace. Defaults to the pod's namespace.", valueName: "name"))
    var leaderElectionNamespace: String?

    @Option(
        help: ArgumentHelp(
            "The address of /metrics, /healthz and /readyz: HOST:PORT or :PORT. 0 disables them.",
            valueName: "address"))
    var metricsBindAddress = ":8080"

    @Option(help: ArgumentHelp("How many custom resources are reconciled at the same time.", valueName: "n"))
    var workers = 8

    @Option(
        help: ArgumentHelp(
            "The image of the reload side-car, for agents that need it. Defaults to the pod's own image.",
            valueName: "image"))
    var reloaderImage: String?

    @Flag(
        inversion: .prefixedNo,
        help: "Annotate pods when what they mount has changed, so that their kubelets update the volumes at once.")
    var annotatePods = true

    @Flag(
        inversion: .prefixedNo,
        help: """
            Ask the pods of agents once a minute whether what they scrape arrives, and query APIs which tenants' samples \
            arrive, for the conditions Delivering and Receiving.
            """)
    var watchDelivery = true

    @OptionGroup var monitors: MonitorGroupOptions

    @OptionGroup var log: LogOptions

    func validate() throws {
        guard (1...1000).contains(workers) else {
            throw ValidationError("--workers \(workers): should be from 1 to 1000")
        }
        do throws(BindAddress.Fault) {
            _ = try BindAddress.parse(metricsBindAddress)
        } catch {
            throw ValidationError("--metrics-bind-address: \(error)")
        }
    }

    func run() async throws {
        let process = try ControllerProcess(kubeconfig: kubeconfig, context: context, log: log)
        var options = OperatorConfiguration()
        options.namespace = namespace
        options.workers = workers
        options.observabilityAddress = try BindAddress.parse(metricsBindAddress)
        options.identity = ProcessIdentity.make()
        options.reloaderImage = reloaderImage
        options.annotatesPods = annotatePods
        options.monitorGroup = monitors.group
        if !watchDelivery { options.deliveryInterval = nil }
        options.pod = ProcessIdentity.pod
        if leaderElect {
            options.lease = ObjectKey(
                namespace: leaderElectionNamespace ?? process.namespace, name: "tributary.tributary.dev")
        }
        let tributary = Operator(
            client: process.client, configuration: options, registry: process.registry, logger: process.logger)
        process.logStart()
        try await process.run { try await tributary.run() }
    }
}
