import Kube
import NIOCore
import NIOPosix

/// A proxy on loopback that hands on bytes as they are, those of TLS included, and can go mute.
public final class ByteProxy: Sendable {
    /// The port on 127.0.0.1.
    public let port: Int
    private let channel: any Channel
    private let state: Locked<ByteProxyState>

    private init(channel: any Channel, state: Locked<ByteProxyState>) {
        self.channel = channel
        self.state = state
        port = channel.localAddress?.port ?? 0
    }

    /// Starts a proxy in front of a server on a port of 127.0.0.1.
    public static func start(to server: Int) async throws -> ByteProxy {
        let state = Locked(ByteProxyState())
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                let number = state.withLock { $0.open(channel) }
                channel.closeFuture.whenComplete { _ in state.withLock { $0.close(number) } }
                let (near, far) = (ByteProxyEnd(number, state), ByteProxyEnd(number, state))
                near.other = far
                far.other = near
                let ends = NIOLoopBound((near, far), eventLoop: channel.eventLoop)
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ends.value.0)
                }.flatMap {
                    ClientBootstrap(group: channel.eventLoop)
                        .channelInitializer { channel in
                            channel.eventLoop.makeCompletedFuture {
                                try channel.pipeline.syncOperations.addHandler(ends.value.1)
                            }
                        }
                        .connect(host: "127.0.0.1", port: server).map { _ in }
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ByteProxy(channel: channel, state: state)
    }

    /// Hands on nothing more over the connections that are open now, which stay open.
    public func mute() { state.withLock { $0.mute = Set($0.channels.keys) } }

    /// The number of connections that are open and mute.
    public var muteConnectionCount: Int { state.withLock { $0.mute.count } }

    /// The number of connections that clients have open now.
    public var openConnectionCount: Int { state.withLock { $0.channels.count } }

    /// Closes all connections and stops.
    public func stop() async {
        try? await channel.close().get()
        for channel in state.withLock({ Array($0.channels.values) }) { try? await channel.close().get() }
    }
}

private struct ByteProxyState {
    var connections = 0
    var channels: [Int: any Channel] = [:]
    var mute: Set<Int> = []

    mutating func open(_ channel: any Channel) -> Int {
        connections += 1
        channels[connections] = channel
        return connections
    }

    mutating func close(_ connection: Int) {
        channels[connection] = nil
        mute.remove(connection)
    }
}

/// One of the two ends of a connection through the proxy.
private final class ByteProxyEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    weak var other: ByteProxyEnd?
    private let number: Int
    private let state: Locked<ByteProxyState>
    private var context: ChannelHandlerContext?

    init(_ number: Int, _ state: Locked<ByteProxyState>) {
        self.number = number
        self.state = state
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let isMute = state.withLock { $0.mute.contains(number) }
        if !isMute { other?.context?.writeAndFlush(data, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { other?.context?.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
