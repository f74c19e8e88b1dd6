import Kube
import NIOCore
import NIOHTTP1

/// Handles one connection: reads requests and answers them one after the other.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The largest body that the server reads, as in kube-apiserver.
    private static let bodyLimit = 3 * 1024 * 1024

    private let server: ServerContext
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var isTooLarge = false
    private var watch: WatchResponse?

    /// Creates a handler for one connection.
    init(_ server: ServerContext) { self.server = server }

    func channelActive(context: ChannelHandlerContext) {
        let channel = context.channel
        server.connections.withLock { $0[ObjectIdentifier(channel)] = channel }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let id = ObjectIdentifier(context.channel)
        server.connections.withLock { $0[id] = nil }
        server.watches.withLock { $0[id] = nil }
        watch?.stop()
        watch = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        watch?.drain()
        context.fireChannelWritabilityChanged()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.removeAll()
            isTooLarge = false
        case .body(let buffer):
            if body.count + buffer.readableBytes > Self.bodyLimit {
                isTooLarge = true
            } else {
                body.append(contentsOf: buffer.readableBytesView)
            }
        case .end:
            guard let head else { return }
            self.head = nil
            handle(context, head)
        }
    }

    private func handle(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        if isTooLarge {
            let status = APIStatus.tooLarge("Request entity too large: limit is \(Self.bodyLimit)")
            send(context, APIBody(status), keepAlive: false)
            return
        }
        var request = APIRequest(method: head.method.rawValue, target: head.uri)
        request.accept = head.headers["accept"].joined(separator: ",")
        request.contentType = head.headers.first(name: "content-type") ?? "application/json"
        request.userAgent = head.headers.first(name: "user-agent") ?? ""
        request.body = body
        body = []
        let record = RequestRecord(request, server.api.target(of: request))
        server.log.withLock { $0.add(record) }
        switch server.faults.withLock({ $0 }).fault?(record) {
        case nil: respond(context, request, keepAlive: head.isKeepAlive)
        case .dropConnection: context.close(promise: nil)
        case .status(let status): send(context, APIBody(status), keepAlive: head.isKeepAlive)
        case .delay(let duration):
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let request = request
            context.eventLoop.scheduleTask(in: TimeAmount(duration)) {
                let (handler, context) = bound.value
                if context.channel.isActive { handler.respond(context, request, keepAlive: head.isKeepAlive) }
            }
        }
    }

    private func respond(_ context: ChannelHandlerContext, _ request: APIRequest, keepAlive: Bool) {
        switch server.api.answer(request) {
        case .body(let body): send(context, body, keepAlive: keepAlive)
        case .watch(let cursor):
            var headers = HTTPHeaders([("Content-Type", "application/json"), ("Cache-Control", "no-cache, private")])
            headers.add(name: "Transfer-Encoding", value: "chunked")
            headers.add(name: "Date", value: Timestamp.now.http)
            write(context, .head(HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)))
            let channel = context.channel
            server.watches.withLock { $0[ObjectIdentifier(channel)] = channel }
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            watch = WatchResponse(
                cursor, store: server.api.store, eventLoop: context.eventLoop,
                bookmarkInterval: server.bookmarkInterval,
                isWritable: { channel.isWritable },
                send: { bytes in
                    let (handler, context) = bound.value
                    handler.sendEvents(context, bytes)
                })
            context.flush()
            watch?.start()
        }
    }

    /// Sends events. Nil ends the stream.
    private func sendEvents(_ context: ChannelHandlerContext, _ bytes: [UInt8]?) {
        if let bytes {
            write(context, .body(.byteBuffer(context.channel.allocator.buffer(bytes: bytes))))
        } else {
            watch?.stop()
            watch = nil
            let id = ObjectIdentifier(context.channel)
            server.watches.withLock { $0[id] = nil }
            write(context, .end(nil))
        }
        context.flush()
    }

    private func send(_ context: ChannelHandlerContext, _ body: APIBody, keepAlive: Bool) {
        var headers = HTTPHeaders([
            ("Content-Type", body.contentType), ("Cache-Control", "no-cache, private"),
            ("Content-Length", String(body.bytes.count)),
        ])
        for warning in body.warnings {
            headers.add(name: "Warning", value: "299 - \(JSON(warning).text())")
        }
        headers.add(name: "Date", value: Timestamp.now.http)
        if let seconds = body.retryAfter { headers.add(name: "Retry-After", value: String(seconds)) }
        if !keepAlive { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: body.code), headers: headers)
        write(context, .head(head))
        write(context, .body(.byteBuffer(context.channel.allocator.buffer(bytes: body.bytes))))
        let end = context.writeAndFlush(wrapOutboundOut(.end(nil)))
        if !keepAlive {
            let channel = context.channel
            end.whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private func write(_ context: ChannelHandlerContext, _ part: HTTPServerResponsePart) {
        context.write(wrapOutboundOut(part), promise: nil)
    }
}
