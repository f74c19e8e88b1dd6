#if canImport(Glibc)
import Glibc
#endif
import Kube
import NIOCore
import NIOHTTP1
import NIOPosix

/// Listens for HTTP/1.1 on a thread of its own, with limits.
package final class HTTPListener: Sendable {
    /// The limits of a listener.
    package struct Limits: Sendable {
        /// The most concurrent connections; further ones are closed immediately.
        package var connections: Int
        /// The most bytes of the head of a request.
        package var headerBytes: Int

        /// Creates limits.
        package init(connections: Int, headerBytes: Int = 16 * 1024) {
            self.connections = connections
            self.headerBytes = headerBytes
        }
    }

    private struct Running: Sendable {
        var group: MultiThreadedEventLoopGroup
        var listener: any Channel
        var connections: Connections
    }

    private let limits: Limits
    private let running = Locked<Running?>(nil)

    /// Creates a listener, which does not listen yet.
    package init(limits: Limits) { self.limits = limits }

    /// Starts listening and returns the port. Each connection gets a handler of its own, for the parts of HTTP requests.
    ///
    /// Throws ``ObservabilityServer/BindFailure`` if the address is in use or not of this machine.
    package func start(
        on address: BindAddress, handler: @escaping @Sendable () -> any ChannelHandler
    ) async throws -> Int {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let connections = Connections(limit: limits.connections)
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
                    try channel.pipeline.syncOperations.addHandler(handler())
                }
            }
        do {
            let listener = try await bind(bootstrap, to: address)
            running.withLock { $0 = Running(group: group, listener: listener, connections: connections) }
            return listener.localAddress?.port ?? address.port
        } catch {
            try? await group.shutdownGracefully()  // the bind error is the one to report
            throw ObservabilityServer.BindFailure(address: address, reason: Self.reason(error))
        }
    }

    /// Closes the listening socket. Connections stay open.
    package func stopAccepting() async {
        try? await running.withLock { $0?.listener }?.close()  // an error means that it is already closed
    }

    /// Stops listening, closes all connections and ends the thread; does nothing if it is not running.
    package func stop() async {
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
