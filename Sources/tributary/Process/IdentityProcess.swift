import ClientIdentity
import Logging
import Observability
import ServiceLifecycle

/// The process beside nginx that reads client certificates: serves questions, metrics and probes until it is asked to end.
struct IdentityProcess: Service {
    private let server: IdentityServer
    private let observability: ObservabilityServer
    private let addresses: (questions: BindAddress, metrics: BindAddress?)
    private let shutdownDelay: Duration
    private let logger: Logger

    init(
        addresses: (questions: BindAddress, metrics: BindAddress?), shutdownDelay: Duration, logger: Logger
    ) {
        let (registry, health) = (MetricsRegistry(), Health())
        registry.addProcessMetrics()
        server = IdentityServer(registry: registry, health: health)
        observability = ObservabilityServer(metrics: registry, health: health)
        self.addresses = addresses
        self.shutdownDelay = shutdownDelay
        self.logger = logger
    }

    func run() async throws {
        let port = try await server.start(on: addresses.questions)
        logger.info("serving questions", metadata: ["port": "\(port)"])
        try await observability.serve(on: addresses.metrics, logger: logger) {
            try await gracefulShutdown()
            await server.stop(after: shutdownDelay)
        }
    }
}
