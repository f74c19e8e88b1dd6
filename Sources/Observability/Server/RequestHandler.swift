import NIOCore
import NIOHTTP1

/// Responds to the requests of one connection, one after another. It ignores their bodies.
package final class RequestHandler: ChannelInboundHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias OutboundOut = HTTPServerResponsePart

    /// The response to a request.
    package struct Response: Sendable {
        package var status: Int
        package var contentType: String
        package var body: String
        /// Further header fields.
        package var headers: [(name: String, value: String)]
        /// Whether the connection is closed afterwards, so that those who only look hold none that probes need.
        package var closes: Bool

        /// Creates a response with a text.
        package init(
            status: Int, contentType: String = "text/plain; charset=utf-8", body: String,
            headers: [(name: String, value: String)] = [], closes: Bool = false
        ) {
            self.status = status
            self.contentType = contentType
            self.body = body
            self.headers = headers
            self.closes = closes
        }
    }

    private let answer: @Sendable (HTTPRequestHead) -> FurtherPages.Answer
    /// The most bytes of the body of a request.
    private let bodyBytes: Int
    /// The longest time for a request with its response, and between two requests.
    private let idle: Duration
    private var head: HTTPRequestHead?
    private var receivedBytes = 0
    private var deadline: Scheduled<Void>?

    /// Creates a handler of one connection.
    package convenience init(
        bodyBytes: Int, idle: Duration, response: @escaping @Sendable (HTTPRequestHead) -> Response
    ) {
        self.init(bodyBytes: bodyBytes, idle: idle, answer: { .now(response($0)) })
    }

    init(bodyBytes: Int, idle: Duration, answer: @escaping @Sendable (HTTPRequestHead) -> FurtherPages.Answer) {
        self.bodyBytes = bodyBytes
        self.idle = idle
        self.answer = answer
    }

    package func channelActive(context: ChannelHandlerContext) {
        restartDeadline(context)
        context.fireChannelActive()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            receivedBytes = 0
        case .body(let bytes):
            receivedBytes += bytes.readableBytes
            if receivedBytes > bodyBytes { context.close(promise: nil) }
        case .end:
            guard let head else { return }
            self.head = nil
            respond(to: head, context)
        }
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func respond(to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let work: @Sendable () async -> Response
        switch answer(request) {
        case .now(let response): return write(response, to: request, context)
        case .later(let later): work = later
        }
        // Further requests of the connection wait in the pipeline.
        let loop = context.eventLoop
        let bound = NIOLoopBound((self, context), eventLoop: loop)
        Task {
            let response = await work()
            loop.execute {
                let (handler, context) = bound.value
                guard context.channel.isActive else { return }
                handler.write(response, to: request, context)
            }
        }
    }

    private func write(_ response: Response, to request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        var headers = HTTPHeaders([
            ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-cache, private"),
        ])
        if response.status != 304 {
            headers.add(name: "Content-Type", value: response.contentType)
            headers.add(name: "Content-Length", value: String(response.body.utf8.count))
        }
        for (name, value) in response.headers { headers.add(name: name, value: value) }
        let staysOpen = request.isKeepAlive && !response.closes
        if !staysOpen { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: response.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if request.method != .HEAD, response.status != 304 {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: response.body)))), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            let (handler, context) = bound.value
            if staysOpen {
                handler.restartDeadline(context)
            } else {
                context.close(promise: nil)
            }
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    /// Restarts the time limit of the connection for the next request.
    private func restartDeadline(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(idle)) { channel.close(promise: nil) }
    }
}
