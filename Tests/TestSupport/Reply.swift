import Kube
import NIOCore
import NIOHTTP1

extension ScriptedServer {
    /// The response of a script to one request: whole, in pieces, or not at all.
    public final class Reply: Sendable {
        private enum Stage { case idle, head, ended }

        private let channel: any Channel
        private let isHead: Bool
        private let stage = Locked(Stage.idle)

        init(channel: any Channel, isHead: Bool) {
            self.channel = channel
            self.isHead = isHead
        }

        /// Whether the connection is closed.
        public var isClosed: Bool { !channel.isActive }

        /// Waits until the connection is closed.
        public func closed() async throws { try await channel.closeFuture.get() }

        /// Sends a whole response with JSON.
        public func json(_ json: JSON, status: Int = 200, headers: [(String, String)] = []) async throws {
            try await respond(status, headers: [("Content-Type", "application/json")] + headers, json.encoded())
        }

        /// Sends a whole response.
        public func respond(_ status: Int, headers: [(String, String)] = [], _ body: [UInt8] = []) async throws {
            try await head(status, headers: headers + [("Content-Length", String(body.count))])
            if !body.isEmpty { try await write(body) }
            try await end()
        }

        /// Sends the status and the header fields. Without `Content-Length`, the body is chunked.
        public func head(_ status: Int, headers: [(String, String)] = []) async throws {
            guard
                stage.withLock({ stage in
                    defer { stage = .head }
                    return stage == .idle
                })
            else { return }
            let head = HTTPResponseHead(
                version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: HTTPHeaders(headers))
            try await channel.writeAndFlush(HTTPServerResponsePart.head(head)).get()
        }

        /// Sends a part of the body, and returns when the kernel has it.
        public func write(_ bytes: [UInt8]) async throws {
            guard !isHead else { return }
            let buffer = channel.allocator.buffer(bytes: bytes)
            try await channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(buffer))).get()
        }

        /// Sends a part of the body.
        public func write(_ text: String) async throws { try await write(Array(text.utf8)) }

        /// Starts the response to a watch: 200 with chunked JSON.
        public func watch() async throws { try await head(200, headers: [("Content-Type", "application/json")]) }

        /// Sends one event of a watch.
        public func event(_ type: String, _ object: JSON) async throws {
            try await write((["type": .string(type), "object": object] as JSON).text() + "\n")
        }

        /// Ends the response. Does nothing if it has ended.
        public func end() async throws {
            let before = stage.withLock { stage in
                defer { stage = .ended }
                return stage
            }
            switch before {
            case .ended: return
            case .head: break
            case .idle:
                let head = HTTPResponseHead(
                    version: .http1_1, status: .ok, headers: HTTPHeaders([("Content-Length", "0")]))
                try await channel.writeAndFlush(HTTPServerResponsePart.head(head)).get()
            }
            try await channel.writeAndFlush(HTTPServerResponsePart.end(nil)).get()
        }

        /// Closes the connection, even in the middle of a response.
        public func drop() {
            stage.withLock { $0 = .ended }
            channel.close(promise: nil)
        }

        /// Sends a text without any HTTP encoding, and closes the connection.
        public func raw(_ text: String) async throws {
            stage.withLock { $0 = .ended }
            let buffer = channel.allocator.buffer(string: text)
            try await channel.eventLoop.flatSubmit { [channel] in
                let promise = channel.eventLoop.makePromise(of: Void.self)
                do {
                    let encoder = try channel.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
                    encoder.writeAndFlush(NIOAny(buffer), promise: promise)
                } catch {
                    promise.fail(error)
                }
                return promise.futureResult
            }.get()
            channel.close(promise: nil)
        }

        /// Reduces the kernel's send buffer, so that ``write(_:)`` waits for the client early.
        public func limitBuffers() async throws {
            try await channel.setOption(.socketOption(.so_sndbuf), value: 64 * 1024).get()
        }
    }
}
