import Kube
import NIOCore
import NIOPosix

/// Sends bytes to a port of 127.0.0.1, and returns what comes back until the server closes the connection, or until it
/// has been quiet for a while: as long as a busy machine may take, unless the server is expected to stay silent.
public func exchange(_ bytes: [UInt8], port: Int, quiet: Duration = .seconds(60)) async throws -> String {
    let received = Received()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.seconds(5))
        .channelInitializer { $0.pipeline.addHandler(received) }
        .connect(host: "127.0.0.1", port: port).get()
    var buffer = channel.allocator.buffer(capacity: bytes.count)
    buffer.writeBytes(bytes)
    // The server may refuse and close the connection before it has read everything.
    try? await channel.writeAndFlush(buffer).get()
    var count = -1
    while channel.isActive, received.count > count {
        count = received.count
        let end = ContinuousClock.now + quiet
        while channel.isActive, received.count == count, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(2))
        }
    }
    try? await channel.close().get()
    return received.text
}

private final class Received: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    private let bytes = Locked<[UInt8]>([])

    var count: Int { bytes.withLock { $0.count } }
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        bytes.withLock { $0 += buffer.readableBytesView }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
