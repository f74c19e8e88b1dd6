#if canImport(Glibc)
import Glibc
#endif
import Kube
import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP/1.1 server for `/metrics`, `/healthz` and `/readyz`, and for `/-/healthy` and `/-/ready` as in
/// Prometheus and Thanos.
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
    private let running = Locked<Running?>(nil)

    private struct Running: Sendable {
        var group: MultiThreadedEventLoopGroup
        var listener: any Channel
        var connections: Connections
    }

    /// Creates a server of metrics, health or both.
    public convenience init(metrics: MetricsRegistry?, health: Health?) {
        self.init(metrics: metrics, health: health, limits: Limits())
    }

    init(metrics: MetricsRegistry?, health: Health?, limits: Limits) {
        routes = Routes(metrics: metrics, health: health)
        self.limits = limits
    }

    /// Starts listening and returns the port; throws ``BindFailure`` if the address is in use or not of this machine.
    @discardableResult func start(on address: BindAddress) async throws -> Int {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connections = Connections(limit: limits.connections)
        let routes = routes
        let limits = limits
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 64)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    guard connections.admit(channel) else {
                        channel.close(promise: nil)
                        return
                    }
                    var decoder = NIOHTTPDecoderLimitConfiguration()
                    decoder.maxHeaderFieldSize = limits.headerBytes
                    decoder.maxHeaderListSize = limits.headerBytes
                    decoder.maxHeaderFieldCount = 64
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                        withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoder)
                    try channel.pipeline.syncOperations.addHandler(RequestHandler(routes: routes, limits: limits))
                }
            }
        do {
            let listener = try await bind(bootstrap, to: address)
            running.withLock { $0 = Running(group: group, listener: listener, connections: connections) }
            return listener.localAddress?.port ?? address.port
        } catch {
            try? await group.shutdownGracefully()  // the bind error is the one to report
            throw BindFailure(address: address, reason: Self.reason(error))
        }
    }

    /// Stops listening, closes all connections and ends the thread; does nothing if the server is not running.
    func stop() async {
        let running = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let running else { return }
        // Errors mean that something is already closed.
        try? await running.listener.close()
        for channel in running.connections.all { try? await channel.close() }
        try? await running.group.shutdownGracefully()
    }

    /// Binds; without a host to all addresses of both IP versions, or only of IPv4 if IPv6 is not available.
    private func bind(_ bootstrap: ServerBootstrap, to address: BindAddress) async throws -> any Channel {
        if let host = address.host { return try await bootstrap.bind(host: host, port: address.port).get() }
        do {
            return try await bootstrap.bind(host: "::", port: address.port).get()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw error
        } catch {
            return try await bootstrap.bind(host: "0.0.0.0", port: address.port).get()
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return String(cString: strerror(error.errnoCode))
    }
}
