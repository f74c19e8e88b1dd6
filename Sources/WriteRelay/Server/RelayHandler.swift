import NIOCore
import NIOHTTP1

/// Serves the writes of one connection, one after another.
final class RelayHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        case receiving(RelayRequest, Admission.Ticket, ByteBuffer)
        /// The rest of a refused request is read and dropped, so that its sender reads the answer.
        case dropping(RelayAnswer, Int)
        /// An answer is on its way.
        case answering
    }

    private let relay: Relay
    /// Whether connections should end after the next answer.
    private let isDraining: @Sendable () -> Bool
    private var state = State.idle
    private var keepsAlive = true
    private var deadline: Scheduled<Void>?

    init(_ relay: Relay, isDraining: @escaping @Sendable () -> Bool) {
        self.relay = relay
        self.isDraining = isDraining
    }

    func channelActive(context: ChannelHandlerContext) {
        restartDeadline(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        state = .idle
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            restartDeadline(context)
            keepsAlive = head.isKeepAlive
            state = start(head)
        case .body(let bytes): take(bytes, context)
        case .end: finish(context)
        }
    }

    private func start(_ head: HTTPRequestHead) -> State {
        do throws(RelayRequest.Refusal) {
            let request = try RelayRequest(head, relay.configuration)
            guard let ticket = relay.admission.ticket() else { return .dropping(.busy, 0) }
            return .receiving(request, ticket, ByteBuffer())
        } catch {
            return .dropping(error.answer, 0)
        }
    }

    private func take(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let limit = relay.configuration.maximumMessageBytes
        switch state {
        case .receiving(let request, let ticket, var body):
            state = .answering  // so that the buffer is not copied
            let size = body.readableBytes + bytes.readableBytes
            if size > limit {
                state = .dropping(.tooLarge(limit), size)
            } else if !ticket.reserve(size) {
                state = .dropping(.busy, size)
            } else {
                body.writeImmutableBuffer(bytes)
                state = .receiving(request, ticket, body)
            }
        case .dropping(let answer, let size):
            let size = size + bytes.readableBytes
            state = .dropping(answer, size)
            if size > limit {
                keepsAlive = false
                write(answer, context)
            }
        case .idle, .answering: break
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        switch state {
        case .receiving(let request, let ticket, let body):
            state = .answering
            deadline?.cancel()
            let relay = relay
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            let loop = context.eventLoop
            Task {
                let answer = await relay.answer(request, body, ticket)
                loop.execute {
                    let (handler, context) = bound.value
                    // The place is free once the answer is written.
                    withExtendedLifetime(ticket) { handler.write(answer, context) }
                }
            }
        case .dropping(let answer, _): write(answer, context)
        case .idle, .answering: break
        }
    }

    private func write(_ answer: RelayAnswer, _ context: ChannelHandlerContext) {
        state = .answering
        relay.count(answer)
        guard context.channel.isActive else { return }
        let closes = !keepsAlive || isDraining()
        var headers = HTTPHeaders(answer.headers.map { ($0.name, $0.value) })
        if answer.status != 204 {
            headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
            headers.add(name: "X-Content-Type-Options", value: "nosniff")
            headers.add(name: "Content-Length", value: "\(answer.body.utf8.count)")
        }
        if closes { headers.add(name: "Connection", value: "close") }
        let head = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: answer.status), headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if answer.status != 204, !answer.body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: answer.body)))), promise: nil)
        }
        let written = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        written.futureResult.whenComplete { _ in
            let (handler, context) = bound.value
            if closes {
                context.close(promise: nil)
            } else {
                handler.restartDeadline(context)
            }
        }
        // Set before the next request can be read, which the end of this answer permits.
        state = .idle
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
    }

    /// Restarts the time limit of the connection: for a request to arrive, or for the next one to begin.
    private func restartDeadline(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(relay.configuration.idle)) {
            channel.close(promise: nil)
        }
    }
}
