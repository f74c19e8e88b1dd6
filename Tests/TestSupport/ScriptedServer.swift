import Kube
import NIOCore
import NIOHTTP1

/// An HTTP/1.1 server on loopback that calls a test's script for each request.
///
/// The script runs in its own task. If it returns without ending the response, the server ends it.
public final class ScriptedServer: Sendable {
    /// A complete request.
    public struct Request: Sendable {
        public var method: String
        /// The path and the query as received.
        public var target: String
        public var headers: [(name: String, value: String)]
        public var body: [UInt8]
        /// The number of its connection, from 1.
        public var connection: Int
        /// The number of the request, from 1.
        public var number: Int

        /// The path, not percent-decoded.
        public var path: String { String(target.prefix { $0 != "?" }) }

        /// The query's parameters, percent-decoded.
        public var query: [String: String] {
            var query: [String: String] = [:]
            for parameter in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
                let name = parameter.prefix { $0 != "=" }
                query[percentDecoded(name)] = percentDecoded(parameter.dropFirst(name.count + 1))
            }
            return query
        }

        /// The value of the first header field with a name.
        public func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }

        /// The body as JSON; null if it is not JSON.
        public var json: JSON { (try? JSON(parsing: body)) ?? .null }
    }

    public typealias Script = @Sendable (Request, Reply) async throws -> Void

    /// The port on 127.0.0.1.
    public var port: Int { listener.port }
    /// `http://127.0.0.1:port`.
    public var url: String { "http://127.0.0.1:\(port)" }

    private let listener: LoopbackListener
    private let state: Locked<ServerState>

    private init(_ listener: LoopbackListener, _ state: Locked<ServerState>) {
        self.listener = listener
        self.state = state
    }

    /// Starts a server, by default on a free port of 127.0.0.1.
    public static func start(host: String = "127.0.0.1", port: Int = 0, _ script: @escaping Script) async throws
        -> ScriptedServer
    {
        let state = Locked(ServerState())
        let listener = try await LoopbackListener.start(host: host, port: port) { channel, connection in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true)
                try pipeline.addHandler(RequestHandler(connection: connection, state: state, script: script))
            }
        }
        return ScriptedServer(listener, state)
    }

    /// The requests so far.
    public var requests: [Request] { state.withLock { $0.requests } }

    /// The number of connections so far.
    public var connectionCount: Int { listener.connectionCount }

    /// The number of connections that are open now.
    public var openConnectionCount: Int { listener.open.count }

    /// Stops the server and closes its connections.
    public func stop() async {
        await listener.stop()
        for task in state.withLock({ $0.tasks }) { task.cancel() }
    }
}

struct ServerState {
    var requests: [ScriptedServer.Request] = []
    var tasks: [Task<Void, Never>] = []
}

private func percentDecoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "%"), rest.count >= 2,
            let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        {
            bytes.append(value)
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

/// Assembles requests and starts the script for each.
private final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let connection: Int
    private let state: Locked<ServerState>
    private let script: ScriptedServer.Script
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(connection: Int, state: Locked<ServerState>, script: @escaping ScriptedServer.Script) {
        self.connection = connection
        self.state = state
        self.script = script
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return }
            let request = state.withLock { state in
                let request = ScriptedServer.Request(
                    method: head.method.rawValue, target: head.uri,
                    headers: head.headers.map { (name: $0.name, value: $0.value) }, body: body, connection: connection,
                    number: state.requests.count + 1)
                state.requests.append(request)
                return request
            }
            let reply = ScriptedServer.Reply(channel: context.channel, isHead: head.method == .HEAD)
            let task = Task { [script] in
                do {
                    try await script(request, reply)
                    try await reply.end()
                } catch {
                    reply.drop()
                }
            }
            state.withLock { $0.tasks.append(task) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
