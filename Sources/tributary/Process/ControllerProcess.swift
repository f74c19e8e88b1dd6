import ArgumentParser
import KubeClient
import Logging
import Observability
import Operator
import PlanningInput
import ServiceLifecycle
import UnixSignals

/// The process of a command that works with a cluster until a signal ends it: its log, its metrics and its client.
struct ControllerProcess {
    let logger: Logger
    let registry = MetricsRegistry()
    /// The namespace in the cluster's configuration.
    let namespace: String
    let client: KubeClient
    private let server: String

    /// Sets up the process, its log, and a client whose requests are counted. Throws where no cluster is configured.
    init(kubeconfig: String?, context: String? = nil, log: LogOptions) throws {
        Operator.prepareProcess()
        log.logFormat.bootstrap(level: log.logLevel)
        logger = Logger(label: "tributary")
        let configuration = try ClusterConfiguration.load(kubeconfig: kubeconfig, context: context)
        namespace = configuration.namespace
        server = "\(configuration.server)"
        let requests = ClientMetrics(registry)
        client = KubeClient(
            configuration,
            options: .init(userAgent: "tributary/\(Release.version)") { method, host, code in
                requests.request(method: method, host: host, code: code)
            }, logger: logger)
    }

    /// Logs the version and the API server.
    func logStart() { logger.info("starting", metadata: ["version": "\(Release.version)", "server": "\(server)"]) }

    /// Works until SIGTERM or SIGINT shuts it down gracefully, or the work ends. Shuts the client down last.
    func run(_ work: @escaping @Sendable () async throws -> Void) async throws {
        var group = ServiceGroupConfiguration(
            services: [
                .init(
                    service: Work(work: work, client: client), successTerminationBehavior: .gracefullyShutdownGroup)
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(30)
        group.maximumCancellationDuration = .seconds(5)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch {
            logger.critical("stopped", metadata: ["error": "\(error)"])
            throw ExitCode.failure
        }
        logger.info("stopped")
    }

    /// The work as a service of swift-service-lifecycle.
    private struct Work: Service {
        let work: @Sendable () async throws -> Void
        let client: KubeClient

        func run() async throws {
            do {
                try await work()
            } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
        }
    }
}
