import Kube
import NIOCore
import NIOPosix

/// A proxy on loopback that hands on bytes as they are, those of TLS included, and can go mute.
public final class ByteProxy: Sendable {
    /// The port on 127.0.0.1.
    public var port: Int { listener.port }
    private let listener: LoopbackListener
    /// The connections that are mute.
    private let mutes: Locked<Set<Int>>

    private init(_ listener: LoopbackListener, _ mutes: Locked<Set<Int>>) {
        self.listener = listener
        self.mutes = mutes
    }

    /// Starts a proxy in front of a server on a port of 127.0.0.1.
    public static func start(to server: Int) async throws -> ByteProxy {
        let mutes = Locked<Set<Int>>([])
        let listener = try await LoopbackListener.start { channel, number in
            let (near, far) = (ByteProxyEnd(number, mutes), ByteProxyEnd(number, mutes))
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
        return ByteProxy(listener, mutes)
    }

    /// Hands on nothing more over the connections that are open now, which stay open.
    public func mute() {
        let open = listener.open.keys
        mutes.withLock { $0 = Set(open) }
    }

    /// The number of connections that are open and mute.
    public var muteConnectionCount: Int {
        let open = listener.open
        return mutes.withLock { $0.count { open[$0] != nil } }
    }

    /// The number of connections that clients have open now.
    public var openConnectionCount: Int { listener.open.count }

    /// Closes all connections and stops.
    public func stop() async { await listener.stop() }
}

/// One of the two ends of a connection through the proxy.
private final class ByteProxyEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    weak var other: ByteProxyEnd?
    private let number: Int
    private let mutes: Locked<Set<Int>>
    private var context: ChannelHandlerContext?

    init(_ number: Int, _ mutes: Locked<Set<Int>>) {
        self.number = number
        self.mutes = mutes
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let isMute = mutes.withLock { $0.contains(number) }
        if !isMute { other?.context?.writeAndFlush(data, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { other?.context?.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
