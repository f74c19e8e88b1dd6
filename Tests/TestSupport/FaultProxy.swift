import Kube
import NIOCore
import NIOHTTP1

/// An HTTP/1.1 proxy on loopback between a client and an API server, which does to each response what a test says.
///
/// Bytes go on as they come, so that watches stream. Each request has a connection of its own to the server, so that the
/// end of a response on one side never depends on another request.
public final class FaultProxy: Sendable {
    /// A request, without its effect yet.
    public typealias Request = ScriptedServer.Request

    /// What happens to a request or to its response.
    public enum Fault: Sendable {
        /// Nothing.
        case pass
        /// The connection closes; the server never gets the request.
        case close
        /// The server never gets the request; the connection stays open.
        case swallow
        /// The client gets this answer; the server never gets the request.
        case answer(Int, headers: [(String, String)] = [], body: [UInt8] = [])
        /// The server gets the request later.
        case delay(Duration)
        /// The connection closes after so many bytes of the response, with its head and the sizes of its chunks.
        case cut(after: Int)
        /// Nothing comes after so many bytes of the response; the connection stays open.
        case stall(after: Int)
        /// The response comes as slowly as this, its head at once.
        case slow(bytesPerSecond: Int)
        /// The response ends properly after so many bytes of its body.
        case truncate(after: Int)
        /// These bytes come after so many bytes of the body, and then the rest.
        case insert([UInt8], after: Int)
        /// After so many bytes of the body, letters without an end come until the client closes the connection.
        case flood(after: Int)
    }

    /// How responses that are under way are broken.
    public enum Break: Sendable {
        /// The connection closes.
        case cut
        /// Nothing more comes; the connection stays open.
        case stall
        /// The response ends properly after these last bytes of its body.
        case end(last: [UInt8])
    }

    /// The port on 127.0.0.1.
    public var port: Int { listener.port }
    /// `http://127.0.0.1:port`.
    public var url: String { "http://127.0.0.1:\(port)" }

    private let listener: LoopbackListener
    private let state: Locked<FaultProxyState>

    private init(_ listener: LoopbackListener, _ state: Locked<FaultProxyState>) {
        self.listener = listener
        self.state = state
    }

    /// Starts a proxy in front of a server on a port of 127.0.0.1.
    public static func start(to server: Int) async throws -> FaultProxy {
        let state = Locked(FaultProxyState())
        let listener = try await LoopbackListener.start(onClose: { connection in
            state.withLock { $0.underWay[connection] = nil }
        }) { channel, connection in
            channel.eventLoop.makeCompletedFuture {
                let pipeline = channel.pipeline.syncOperations
                let gate = FaultGate { state.withLock { $0.stopped += 1 } }
                try pipeline.addHandler(gate)
                try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: true)
                try pipeline.addHandler(
                    FaultProxyConnection(number: connection, server: server, gate: gate, state: state))
            }
        }
        return FaultProxy(listener, state)
    }

    /// Closes all connections and stops.
    public func stop() async { await listener.stop() }

    // MARK: - Faults

    /// Says what happens to each request from now on. The closure is called on the proxy's threads: it must be quick.
    public func inject(_ fault: @escaping @Sendable (Request) -> Fault) { state.withLock { $0.rule.fault = fault } }

    /// Lets all requests pass again.
    public func heal() { inject { _ in .pass } }

    /// Breaks the responses that are under way, by default those of watches; returns how many there were.
    @discardableResult
    public func breakOpen(_ how: Break, where isMeant: (Request) -> Bool = { $0.isWatch }) -> Int {
        let meant = state.withLock { state in
            let meant = Array(state.underWay.filter { isMeant($0.value) }.keys)
            // Those that end count as such at once, so that a test can wait for the next ones.
            if case .stall = how {} else { for key in meant { state.underWay[key] = nil } }
            return meant
        }
        let open = listener.open
        let channels = meant.compactMap { open[$0] }
        for channel in channels { channel.pipeline.fireUserInboundEventTriggered(how) }
        return channels.count
    }

    // MARK: - What went through

    /// The requests so far, with the time at which each arrived.
    public var requests: [(request: Request, arrival: ContinuousClock.Instant)] { state.withLock { $0.requests } }

    /// Forgets the requests so far.
    public func forgetRequests() { state.withLock { $0.requests = [] } }

    /// The requests that have no whole response yet.
    public var underWay: [Request] { state.withLock { Array($0.underWay.values) } }

    /// The number of open watches.
    public var watchCount: Int { underWay.count(where: \.isWatch) }

    /// The number of connections that clients have open now.
    public var openConnectionCount: Int { listener.open.count }

    /// The number of responses so far that were cut or stalled.
    public var stoppedCount: Int { state.withLock { $0.stopped } }

    /// The number of connections so far.
    public var connectionCount: Int { listener.connectionCount }
}

extension ScriptedServer.Request {
    /// Whether it asks the API server for a watch.
    public var isWatch: Bool { method == "GET" && target.contains("watch=true") }

    /// Whether it asks for all objects of a kind, by a list or by a watch that begins with them.
    public var isList: Bool {
        method == "GET" && (target.contains("sendInitialEvents=true") || !isWatch && (query["limit"] != nil))
    }

    /// Whether it changes something.
    public var isWrite: Bool { method != "GET" && method != "HEAD" }
}

struct FaultProxyState {
    /// A struct, because a bare closure would be wrapped once more with each access to the generic lock.
    struct Rule: Sendable {
        var fault: @Sendable (FaultProxy.Request) -> FaultProxy.Fault
    }

    var rule = Rule { _ in .pass }
    var requests: [(request: FaultProxy.Request, arrival: ContinuousClock.Instant)] = []
    var received = 0
    var stopped = 0
    var underWay: [Int: FaultProxy.Request] = [:]

    mutating func begin(_ head: HTTPRequestHead, _ body: [UInt8], _ connection: Int) -> FaultProxy.Request {
        received += 1
        let request = FaultProxy.Request(
            method: head.method.rawValue, target: head.uri,
            headers: head.headers.map { (name: $0.name, value: $0.value) }, body: body, connection: connection,
            number: received)
        requests.append((request, .now))
        underWay[connection] = request
        return request
    }
}
