#if canImport(Glibc)
import Glibc
#endif
import Kube
import NIOCore
import NIOHTTP1
import NIOPosix

/// A small HTTP/1.1 server for what watches this process: `/metrics`, `/healthz` and `/readyz`, and as Prometheus and
/// Thanos name them `/-/healthy` and `/-/ready`.
///
/// One thread serves it, apart from the operator's own work, so that probes are answered while workers are busy.
public final class ObservabilityServer: Sendable {
    /// What a server accepts.
    public struct Limits: Sendable {
        /// The most connections at a time; more are closed at once.
        public var connections = 64
        /// The most bytes of a request's head.
        public var headerBytes = 16 * 1024
        /// The most bytes of a request's body, which is thrown away.
        public var bodyBytes = 16 * 1024
        /// How long a connection may take for a request, its answer, or between two of them.
        public var idle: Duration = .seconds(30)

        /// The defaults: 64 connections, 16 KiB, 30 s.
        public init() {}
    }

    /// The server could not listen.
    public struct BindFailure: Error, CustomStringConvertible {
        var address: BindAddress
        var reason: String
        /// The address and the system's reason, on one line.
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

    /// A server of one or both of metrics and health, to be started.
    public init(metrics: MetricsRegistry?, health: Health?, limits: Limits = Limits()) {
        routes = Routes(metrics: metrics, health: health)
        self.limits = limits
    }

    /// Starts to listen, and returns the port; throws ``BindFailure`` where the address is taken or not this machine's.
    @discardableResult public func start(on address: BindAddress) async throws -> Int {
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
            try? await group.shutdownGracefully()
            throw BindFailure(address: address, reason: Self.reason(error))
        }
    }

    /// Stops listening, closes all connections, and ends the thread; does nothing where the server does not run.
    public func stop() async {
        let running = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let running else { return }
        try? await running.listener.close()
        for channel in running.connections.all { try? await channel.close() }
        try? await running.group.shutdownGracefully()
    }

    /// Binds; without a host on all addresses of both IP versions, or of IPv4 where there is no IPv6.
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

/// The connections that a server has open.
final class Connections: Sendable {
    private let channels = Locked<[ObjectIdentifier: any Channel]>([:])
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var all: [any Channel] { channels.withLock { Array($0.values) } }

    /// Counts a connection until it closes, or refuses it where there are too many.
    func admit(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isAdmitted = channels.withLock { channels in
            guard channels.count < limit else { return false }
            channels[id] = channel
            return true
        }
        if isAdmitted {
            channel.closeFuture.whenComplete { _ in self.channels.withLock { $0[id] = nil } }
        }
        return isAdmitted
    }
}
