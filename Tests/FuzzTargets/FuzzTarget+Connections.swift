import Kube
import NIOCore
import NIOEmbedded
import NIOHTTP1

@testable import LocalCluster
@testable import Observability

extension FuzzTarget {
    /// Servers, which get bytes of a connection.
    static let connections: [FuzzTarget] = [
        FuzzTarget("probes") { bytes in
            exchange(bytes) {
                RequestHandler(bodyBytes: 1024, idle: .seconds(10)) { head in
                    RequestHandler.Response(status: 200, body: head.uri)
                }
            }
        },
        FuzzTarget("api") { bytes in
            let store = ClusterStore(historyLimit: 100)
            exchange(bytes) {
                ConnectionHandler(ServerContext(api: API(store: store), bookmarkInterval: .seconds(10)))
            }
        },
    ]

    private static func exchange(_ bytes: [UInt8], _ handler: () -> any ChannelHandler) {
        let channel = EmbeddedChannel()
        do {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(handler())
            channel.pipeline.fireChannelActive()
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            channel.embeddedEventLoop.run()
            while try channel.readOutbound(as: IOData.self) != nil {}
        } catch {
            // The connection is closed.
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
