import Kube
public import Logging
public import Observability

/// The server of a relay: takes the writes of all tenants of a view from its gateway.
///
/// Whoever reaches it can write as any tenant, so only the gateway may.
public final class RelayServer: Sendable {
    private let relay: Relay
    private let listener = HTTPListener(limits: .init(connections: 1024))
    private let isDraining = Locked(false)

    /// A relay is ending: it should get no new connections.
    struct Draining: Error {}

    /// Creates a server, which adds its metrics to a registry and its readiness to a health.
    public init(
        _ configuration: RelayConfiguration, registry: MetricsRegistry, health: Health, logger: Logger
    ) {
        relay = Relay(configuration, registry: registry, logger: logger)
        let isDraining = isDraining
        health.add("serving", to: .readiness) { if isDraining.withLock(\.self) { throw Draining() } }
    }

    /// Starts listening and returns the port; throws `ObservabilityServer.BindFailure`.
    public func start(on address: BindAddress) async throws -> Int {
        let (relay, isDraining) = (relay, isDraining)
        return try await listener.start(on: address) {
            RelayHandler(relay) { isDraining.withLock(\.self) }
        }
    }

    /// Ends gracefully: goes on serving for a while, until nobody sends it new connections, then answers the requests
    /// that it has, within a limit, and closes all connections.
    public func stop(after delay: Duration = .zero, within limit: Duration = .seconds(30)) async {
        isDraining.withLock { $0 = true }
        // A cancelled sleep ends at once.
        try? await Task.sleep(for: delay, clock: .continuous)
        await listener.stopAccepting()
        let end = ContinuousClock.now + limit
        while relay.admission.count > 0, ContinuousClock.now < end, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(20), clock: .continuous)
        }
        await listener.stop()
        await relay.shutdown()
    }
}
