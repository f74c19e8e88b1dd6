import Kube
import NIOCore
import NIOHTTP1
import NIOPosix

/// A client's connection to a ``FaultProxy``: takes one request after the other, and hands on the responses.
final class FaultProxyConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let number: Int
    private let server: Int
    private let gate: FaultGate
    private let state: Locked<FaultProxyState>
    private var context: ChannelHandlerContext?
    private var upstream: (any Channel)?
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []
    private var response = FaultedBody(.pass)
    private var hasSentHead = false
    private var isSlowly = false

    init(number: Int, server: Int, gate: FaultGate, state: Locked<FaultProxyState>) {
        self.number = number
        self.server = server
        self.gate = gate
        self.state = state
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelInactive(context: ChannelHandlerContext) { upstream?.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let how = event as? FaultProxy.Break else { return context.fireUserInboundEventTriggered(event) }
        guard head != nil else { return }
        switch how {
        case .cut: context.close(promise: nil)
        case .end where !hasSentHead: context.close(promise: nil)
        case .stall: gate.arm(after: 0, .stall)
        case .end(let last):
            send(last, flush: true)
            end()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer): body.append(contentsOf: buffer.readableBytesView)
        case .end: if let head { answer(head, context) }
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let (request, rule) = state.withLock { ($0.begin(head, body, number), $0.rule) }
        let fault = rule.fault(request)
        gate.disarm()
        hasSentHead = false
        response = FaultedBody(fault)
        switch fault {
        case .close: context.close(promise: nil)
        case .swallow: break
        case .answer(let status, let headers, let body):
            var fields = HTTPHeaders(headers)
            fields.replaceOrAdd(name: "Content-Length", value: "\(body.count)")
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: fields)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            send(body, flush: false)
            end()
        case .delay(let time):
            context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) { self.forward(head) }
        case .cut(let count):
            gate.arm(after: count, .cut)
            forward(head)
        case .stall(let count):
            gate.arm(after: count, .stall)
            forward(head)
        default: forward(head)
        }
    }

    // MARK: - To the server

    private func forward(_ head: HTTPRequestHead) {
        guard let context, context.channel.isActive else { return }
        let this = NIOLoopBound(self, eventLoop: context.eventLoop)
        ClientBootstrap(group: context.eventLoop)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(FaultProxyUpstream(this.value))
                }
            }
            .connect(host: "127.0.0.1", port: server).assumeIsolated().whenComplete { result in
                switch result {
                case .success(let channel): self.send(head, to: channel)
                case .failure: self.context?.close(promise: nil)
                }
            }
    }

    private func send(_ head: HTTPRequestHead, to channel: any Channel) {
        guard let context, context.channel.isActive else { return channel.close(promise: nil) }
        upstream = channel
        var head = head
        // Faults count the bytes of plain bodies.
        head.headers.remove(name: "Accept-Encoding")
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        channel.write(HTTPClientRequestPart.head(head), promise: nil)
        if !body.isEmpty {
            channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }

    // MARK: - From the server

    func received(_ part: HTTPClientResponsePart) {
        guard let context, head != nil else { return }
        switch part {
        case .head(var head):
            head.headers.remove(name: "Connection")
            if response.changesLength { head.headers.remove(name: "Content-Length") }
            hasSentHead = true
            context.writeAndFlush(wrapOutboundOut(.head(head)), promise: nil)
        case .body(let buffer): handOn(response.take(Array(buffer.readableBytesView)))
        case .end: handOn(response.takeEnd())
        }
    }

    /// The server has closed the connection, maybe in the middle of the response.
    func lostServer() {
        upstream = nil
        if head != nil, !response.isOver, !gate.isSilent { context?.close(promise: nil) }
    }

    private func handOn(_ next: FaultedBody.Next) {
        switch next {
        case .bytes(let bytes): send(bytes, flush: true)
        case .end(let last):
            send(last, flush: true)
            end()
        case .flood(let first):
            send(first, flush: true)
            flood()
        case .slowly(let rate): slowly(rate)
        case .nothing: break
        }
    }

    private func send(_ bytes: [UInt8], flush: Bool) {
        guard let context, !bytes.isEmpty else { return }
        let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes)))
        if flush {
            context.writeAndFlush(wrapOutboundOut(part), promise: nil)
        } else {
            context.write(wrapOutboundOut(part), promise: nil)
        }
    }

    /// Ends the response. What still comes from the server for it is dropped.
    private func end() {
        guard let context, let head, !gate.isSilent else { return }
        self.head = nil
        let keepsAlive = head.isKeepAlive
        let upstream = upstream
        self.upstream = nil
        // Before the client knows: its next request may follow at once.
        state.withLock { $0.underWay[number] = nil }
        upstream?.close(promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        if !keepsAlive { context.close(promise: nil) }
    }

    private func flood() {
        guard let context, context.channel.isActive else { return }
        let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(repeating: UInt8(ascii: "x"), count: 64 << 10)))
        context.writeAndFlush(wrapOutboundOut(part)).assumeIsolated().whenComplete { result in
            if case .success = result { self.flood() }
        }
    }

    private func slowly(_ rate: Int) {
        guard !isSlowly, let context, context.channel.isActive else { return }
        isSlowly = true
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(50)) {
            self.isSlowly = false
            self.handOn(self.response.takeSlowly(max(1, rate / 20)))
            if self.response.hasRest { self.slowly(rate) }
        }
    }
}

/// The connection of one request to the server.
private final class FaultProxyUpstream: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    private let connection: FaultProxyConnection
    private var isOver = false

    init(_ connection: FaultProxyConnection) { self.connection = connection }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        if isOver { return }
        if case .end = part { isOver = true }
        connection.received(part)
        if isOver { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !isOver { connection.lostServer() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
