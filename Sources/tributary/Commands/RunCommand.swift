import ArgumentParser
import Kube
import Observability
import Operator
import PlanningInput

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

    @Option(
        help: ArgumentHelp(
            "A namespace to watch, and no others; can be given several times. Defaults to all namespaces.",
            valueName: "name"))
    var namespace: [String] = []

    @Flag(inversion: .prefixedNo, help: "Write only while holding a Lease, so that several replicas can run.")
    var leaderElect = false

    @Option(help: ArgumentHelp("The Lease's namespace. Defaults to the pod's namespace.", valueName: "name"))
    var leaderElectionNamespace: String?

    @OptionGroup var election: ElectionOptions

    @Option(
        help: ArgumentHelp(
            "How many operators share the namespaces, at most 16, each with a --shard and a Lease of its own.",
            valueName: "n"))
    var shards = 1

    @Option(
        help: ArgumentHelp(
            "Which of the --shards this operator is, from 0. It works for the namespaces that fall to it.",
            valueName: "number"))
    var shard = 0

    @Option(
        help: ArgumentHelp(
            "The address of /metrics, /healthz and /readyz: HOST:PORT or :PORT. 0 disables them.",
            valueName: "address"))
    var metricsBindAddress = ":8080"

    @Flag(
        help: """
            Serve a page at this address that shows what stands where, and how. Like the metrics, it asks nobody who \
            they are.
            """)
    var page = false

    @Flag(help: "Serve the state of the operator's queue and watches at this address, as /debug/state.")
    var debug = false

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
        guard (1...NamespaceShard.most).contains(shards) else {
            throw ValidationError("--shards \(shards): should be from 1 to \(NamespaceShard.most)")
        }
        guard NamespaceShard(shard, of: shards) != nil else {
            throw ValidationError("--shard \(shard): should be from 0 to \(shards - 1), since --shards is \(shards)")
        }
        if shards > 1, !leaderElect {
            throw ValidationError(
                "--shards needs --leader-elect: a Lease keeps operators of another number of shards from writing as well"
            )
        }
        if shards > 1, !namespace.isEmpty {
            throw ValidationError("--shards and --namespace: shards share all namespaces by a hash of their names")
        }
        do throws(BindAddress.Fault) {
            _ = try BindAddress.parse(metricsBindAddress)
        } catch {
            throw ValidationError("--metrics-bind-address: \(error)")
        }
        if page || debug, metricsBindAddress.isEmpty || metricsBindAddress == "0" {
            throw ValidationError("\(page ? "--page" : "--debug"): needs an address, but --metrics-bind-address is 0")
        }
    }

    func run() async throws {
        let process = try ControllerProcess(kubeconfig: kubeconfig, context: context, log: log)
        var options = OperatorConfiguration()
        options.namespaces = WatchedNamespaces(namespace)
        options.workers = workers
        options.shard = NamespaceShard(shard, of: shards) ?? .all
        options.observabilityAddress = try BindAddress.parse(metricsBindAddress)
        options.servesPage = page
        options.servesDebug = debug
        options.identity = ProcessIdentity.make()
        options.reloaderImage = reloaderImage
        options.annotatesPods = annotatePods
        options.monitorGroup = monitors.group
        if !watchDelivery { options.deliveryInterval = nil }
        options.pod = ProcessIdentity.pod
        if leaderElect {
            options.leaseTiming = election.timing
            options.lease = ObjectKey(
                namespace: leaderElectionNamespace ?? process.namespace, name: "tributary.tributary.dev")
        }
        let tributary = Operator(
            client: process.client, configuration: options, registry: process.registry, logger: process.logger)
        process.logStart()
        try await process.run { try await tributary.run() }
    }
}
