import Kube
import NIOCore
import NIOPosix

/// A port on loopback, and the connections that clients have open to it: what servers and proxies of tests are built on.
final class LoopbackListener: Sendable {
    private struct Connections {
        var count = 0
        var open: [Int: any Channel] = [:]

        mutating func add(_ channel: any Channel) -> Int {
            count += 1
            open[count] = channel
            return count
        }
    }

    /// The port.
    let port: Int
    private let channel: any Channel
    private let connections: Locked<Connections>

    private init(_ channel: any Channel, _ connections: Locked<Connections>) {
        self.channel = channel
        self.connections = connections
        port = channel.localAddress?.port ?? 0
    }

    /// Listens, by default on a free port. `setUp` adds handlers to each connection, which have numbers from 1; `onClose` is
    /// called once a connection is closed.
    static func start(
        host: String = "127.0.0.1", port: Int = 0, onClose: @escaping @Sendable (_ connection: Int) -> Void = { _ in },
        setUp: @escaping @Sendable (any Channel, _ connection: Int) -> EventLoopFuture<Void>
    ) async throws -> LoopbackListener {
        let connections = Locked(Connections())
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                let number = connections.withLock { $0.add(channel) }
                channel.closeFuture.whenComplete { _ in
                    connections.withLock { $0.open[number] = nil }
                    onClose(number)
                }
                return setUp(channel, number)
            }
            .bind(host: host, port: port).get()
        return LoopbackListener(channel, connections)
    }

    /// The number of connections so far.
    var connectionCount: Int { connections.withLock { $0.count } }

    /// The connections that are open now, by number.
    var open: [Int: any Channel] { connections.withLock { $0.open } }

    /// Stops listening, and closes all connections.
    func stop() async {
        try? await channel.close().get()
        for channel in open.values { try? await channel.close().get() }
    }
}
