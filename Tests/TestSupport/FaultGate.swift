import NIOCore

/// Counts the bytes of a response as they go to the client, and stops them after so many. It sits next to the socket.
final class FaultGate: ChannelOutboundHandler {
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    enum Stop { case cut, stall }

    private let onStop: () -> Void
    private var left = 0
    private var stop: Stop?
    private var hasStopped = false

    /// Calls a closure for each response that it stops.
    init(onStop: @escaping () -> Void) { self.onStop = onStop }

    /// Stops the response after so many bytes from now on.
    func arm(after count: Int, _ stop: Stop) {
        left = count
        self.stop = stop
        hasStopped = false
    }

    func disarm() { stop = nil }

    /// Whether nothing more goes to the client.
    var isSilent: Bool { stop == .stall && left == 0 }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard let stop, case .byteBuffer(var buffer) = unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        if buffer.readableBytes < left || buffer.readableBytes == 0 {
            left -= buffer.readableBytes
            return context.write(data, promise: promise)
        }
        if !hasStopped { onStop() }
        hasStopped = true
        let first = buffer.readSlice(length: left)
        left = 0
        if let first, first.readableBytes > 0 {
            context.writeAndFlush(wrapOutboundOut(.byteBuffer(first)), promise: nil)
        }
        switch stop {
        case .cut:
            promise?.fail(ChannelError.eof)
            context.close(promise: nil)
        case .stall: promise?.succeed()
        }
    }
}
