import Logging
import Observability
import ServiceLifecycle
import WriteRelay

/// The process of a relay: serves writes, metrics and probes until it is asked to end.
struct RelayProcess: Service {
    private let server: RelayServer
    private let observability: ObservabilityServer
    private let addresses: (writes: BindAddress, metrics: BindAddress?)
    private let shutdownDelay: Duration
    private let logger: Logger

    init(
        _ configuration: RelayConfiguration, addresses: (writes: BindAddress, metrics: BindAddress?),
        shutdownDelay: Duration, logger: Logger
    ) {
        let (registry, health) = (MetricsRegistry(), Health())
        registry.addProcessMetrics()
        server = RelayServer(configuration, registry: registry, health: health, logger: logger)
        observability = ObservabilityServer(metrics: registry, health: health)
        self.addresses = addresses
        self.shutdownDelay = shutdownDelay
        self.logger = logger
    }

    func run() async throws {
        let port = try await server.start(on: addresses.writes)
        logger.info("serving writes", metadata: ["port": "\(port)"])
        try await observability.serve(on: addresses.metrics, logger: logger) {
            try await gracefulShutdown()
            await server.stop(after: shutdownDelay)
        }
    }
}
