/// A small HTTP/1.1 server for `/metrics`, `/healthz` and `/readyz`, for `/-/healthy` and `/-/ready` as in Prometheus and
/// Thanos, and for further pages.
///
/// It has its own thread, so that it responds to probes while workers are busy.
public final class ObservabilityServer: Sendable {
    /// The limits of a server.
    struct Limits: Sendable {
        /// The most concurrent connections; further ones are closed immediately.
        var connections = 64
        /// The most bytes of the head of a request.
        var headerBytes = 16 * 1024
        /// The most bytes of the body of a request, which is ignored.
        var bodyBytes = 16 * 1024
        /// The longest time for a request with its response, and between two requests of a connection.
        var idle: Duration = .seconds(30)
    }

    /// The server could not listen.
    public struct BindFailure: Error, CustomStringConvertible {
        var address: BindAddress
        var reason: String
        /// The address and the reason from the system, on one line.
        public var description: String { "cannot listen on \(address): \(reason)" }
    }

    private let routes: Routes
    private let limits: Limits
    private let listener: HTTPListener

    /// Creates a server of metrics, health or both, and of further pages.
    public convenience init(metrics: MetricsRegistry?, health: Health?, pages: FurtherPages? = nil) {
        self.init(metrics: metrics, health: health, pages: pages, limits: Limits())
    }

    init(metrics: MetricsRegistry?, health: Health?, pages: FurtherPages? = nil, limits: Limits) {
        routes = Routes(metrics: metrics, health: health, pages: pages)
        self.limits = limits
        listener = HTTPListener(limits: .init(connections: limits.connections, headerBytes: limits.headerBytes))
    }

    /// Starts listening and returns the port; throws ``BindFailure`` if the address is in use or not of this machine.
    @discardableResult func start(on address: BindAddress) async throws -> Int {
        let (routes, limits) = (routes, limits)
        return try await listener.start(on: address) {
            RequestHandler(
                bodyBytes: limits.bodyBytes, idle: limits.idle,
                answer: { head in
                    routes.answer(
                        method: head.method.rawValue, uri: head.uri, known: head.headers.first(name: "If-None-Match"))
                })
        }
    }

    /// Stops listening, closes all connections and ends the thread; does nothing if the server is not running.
    func stop() async { await listener.stop() }
}
