import ArgumentParser
import KubeClient
import Logging
import Observability
import Operator
import ServiceLifecycle
import UnixSignals

/// A command that works with a cluster until it is told to end: its log, its metrics, its client, and how it ends.
struct LongRunning {
    let logger: Logger
    let registry = MetricsRegistry()
    /// The namespace that the cluster's configuration names.
    let namespace: String
    let client: KubeClient
    private let server: String

    /// Sets up the process, its log and a client whose requests are counted.
    init(_ cluster: ClusterOptions, _ format: LogFormat, _ level: Logger.Level) throws {
        Operator.prepareProcess()
        format.bootstrap(level: level)
        logger = Logger(label: "tributary")
        let configuration = try cluster.load()
        namespace = configuration.namespace
        server = "\(configuration.server)"
        let requests = ClientMetrics(registry)
        client = KubeClient(
            configuration,
            options: .init(userAgent: "tributary/\(Version.current)") { method, host, code in
                requests.request(method: method, host: host, code: code)
            }, logger: logger)
    }

    /// Says that it starts, and against which API server.
    func announce() { logger.info("starting", metadata: ["version": "\(Version.current)", "server": "\(server)"]) }

    /// Works until SIGTERM or SIGINT ends it in order, or the work ends; the client goes last.
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
            throw ExitCode(1)
        }
        logger.info("stopped")
    }

    /// The work as swift-service-lifecycle runs it.
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
