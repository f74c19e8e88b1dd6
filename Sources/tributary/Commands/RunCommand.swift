import ArgumentParser
import Kube
import Logging
import Observability
import Operator

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the operator.",
        discussion: """
            Uses --kubeconfig, else $KUBECONFIG, else the pod's ServiceAccount, else ~/.kube/config.
            SIGTERM and SIGINT end it in order: what is being applied is finished, then the lease is given back.
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(help: "The only namespace to look at; all where absent.")
    var namespace: String?

    @Flag(inversion: .prefixedNo, help: "Write only while holding the lease, so that several replicas can run.")
    var leaderElect = false

    @Option(help: "The lease's namespace; where absent the pod's own.")
    var leaderElectionNamespace: String?

    @Option(help: "Where /metrics, /healthz and /readyz are served: HOST:PORT or :PORT; 0 serves none.")
    var metricsBindAddress = ":8080"

    @Option(help: "How many custom resources are worked on at once.")
    var workers = 8

    @Option(help: "The image with the reload command, for agents that need it; where absent this pod's own.")
    var reloaderImage: String?

    @Option(help: "How log lines are written: \(LogFormat.allCases.map(\.rawValue).joined(separator: ", ")).")
    var logFormat: LogFormat = .logfmt

    @Option(help: "The least severe log lines to write: debug, info, warning, error.")
    var logLevel: Logger.Level = .info

    func validate() throws {
        guard (1...1000).contains(workers) else {
            throw ValidationError("--workers \(workers): should be from 1 to 1000")
        }
        do { _ = try BindAddress.parse(metricsBindAddress) } catch {
            throw ValidationError("--metrics-bind-address: \(error)")
        }
    }

    func run() async throws {
        let process = try LongRunning(cluster, logFormat, logLevel)
        var options = OperatorConfiguration()
        options.namespace = namespace
        options.workers = workers
        options.observabilityAddress = try BindAddress.parse(metricsBindAddress)
        options.identity = Identity.make()
        options.reloaderImage = reloaderImage
        options.pod = Identity.pod
        if leaderElect {
            options.lease = ObjectKey(
                namespace: leaderElectionNamespace ?? process.namespace, name: "tributary.tributary.dev")
        }
        let tributary = Operator(
            client: process.client, configuration: options, registry: process.registry, logger: process.logger)
        process.announce()
        try await process.run { try await tributary.run() }
    }
}

extension LogFormat: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
