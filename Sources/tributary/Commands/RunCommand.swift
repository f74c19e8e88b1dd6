import ArgumentParser
import Kube
import KubeClient
import Logging
import Observability
import Operator
import ServiceLifecycle
import UnixSignals

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
        Operator.prepareProcess()
        logFormat.bootstrap(level: logLevel)
        let logger = Logger(label: "tributary")
        let configuration = try cluster.load()
        let registry = MetricsRegistry()
        let requests = ClientMetrics(registry)
        let client = KubeClient(
            configuration,
            options: .init(userAgent: "tributary/\(Version.current)") { method, host, code in
                requests.request(method: method, host: host, code: code)
            }, logger: logger)
        var options = OperatorConfiguration()
        options.namespace = namespace
        options.workers = workers
        options.observabilityAddress = try BindAddress.parse(metricsBindAddress)
        options.identity = Identity.make()
        options.reloaderImage = reloaderImage
        options.pod = Identity.pod
        if leaderElect {
            options.lease = ObjectKey(
                namespace: leaderElectionNamespace ?? configuration.namespace, name: "tributary.tributary.dev")
        }
        let tributary = Operator(client: client, configuration: options, registry: registry, logger: logger)
        logger.info("starting", metadata: ["version": "\(Version.current)", "server": "\(configuration.server)"])
        var group = ServiceGroupConfiguration(
            services: [
                .init(
                    service: OperatorService(tributary: tributary, client: client),
                    successTerminationBehavior: .gracefullyShutdownGroup)
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(30)
        group.maximumCancellationDuration = .seconds(5)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch {
            logger.critical("stopped", metadata: ["error": "\(error)"])
            throw ExitCode(1)
        }
        logger.info("stopped")
    }
}

/// The operator as swift-service-lifecycle runs it; its client goes last.
private struct OperatorService: Service {
    let tributary: Operator
    let client: KubeClient

    func run() async throws {
        do {
            try await tributary.run()
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }
}

extension LogFormat: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
