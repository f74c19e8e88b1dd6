import Kube
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// A small Kubernetes API server in this process, on loopback, with its objects in memory: to try things out and to test
/// against. It is scaffolding, and no part of what runs in production.
///
/// It serves the built-in kinds that this operator meets, and CustomResourceDefinitions. CEL rules are not run, nobody is
/// asked who they are, and everything is allowed.
public final class LocalCluster: Sendable {
    /// How a local cluster is set up.
    public struct Options: Sendable {
        /// The port on 127.0.0.1; 0 takes one that is free.
        public var port: Int
        /// Whether Deployments and StatefulSets get Pods that become ready, and Services get EndpointSlices.
        public var controllers: Bool
        /// How many of the latest changes to each resource are kept for watches and lists that go on from there.
        public var historyLimit: Int
        /// How long it is from bookmark to bookmark.
        public var bookmarkInterval: Duration
        /// Where the cluster says what it does.
        public var logger: Logger?

        /// The defaults suit tests.
        public init(
            port: Int = 0, controllers: Bool = true, historyLimit: Int = 10_000,
            bookmarkInterval: Duration = .seconds(10), logger: Logger? = nil
        ) {
            self.port = port
            self.controllers = controllers
            self.historyLimit = historyLimit
            self.bookmarkInterval = bookmarkInterval
            self.logger = logger
        }
    }

    private struct Running: Sendable {
        var group: MultiThreadedEventLoopGroup
        var channel: any Channel
        var tasks: [Task<Void, Never>]
    }

    private let options: Options
    private let store: Store
    private let context: ServerContext
    private let running = Locked<Running?>(nil)
    /// The port of the last start, so that clients find the cluster again.
    private let port: Locked<Int>

    /// A cluster that is not started yet.
    public init(options: Options = Options()) {
        self.options = options
        port = Locked(options.port)
        store = Store(historyLimit: options.historyLimit)
        context = ServerContext(
            api: API(store: store), log: Locked(RequestLog()), faults: Locked(FaultRule()), connections: Locked([:]),
            watches: Locked([:]), bookmarkInterval: options.bookmarkInterval)
        makeFirstNamespaces()
    }

    /// Listens on loopback. Throws where the port is taken.
    ///
    /// A cluster that was stopped can be started again: it has its objects and its port still, as after a network outage.
    public func start() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let channel: any Channel
        do {
            channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 256)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { [context] channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
                            withPipeliningAssistance: true, withErrorHandling: true)
                        try channel.pipeline.syncOperations.addHandler(ConnectionHandler(context))
                    }
                }
                .bind(host: "127.0.0.1", port: port.withLock { $0 }).get()
        } catch {
            try? await group.shutdownGracefully()
            throw error
        }
        port.withLock { $0 = channel.localAddress?.port ?? $0 }
        let tasks = startBackground()
        running.withLock { $0 = Running(group: group, channel: channel, tasks: tasks) }
        options.logger?.info("the local cluster listens", metadata: ["url": "\(url)"])
    }

    /// Closes every connection and stops listening.
    public func stop() async {
        let stopped = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let stopped else { return }
        for task in stopped.tasks { task.cancel() }
        store.onChores(nil)
        try? await stopped.channel.close()
        let connections = context.connections.withLock { Array($0.values) }
        for channel in connections { try? await channel.close() }
        try? await stopped.group.shutdownGracefully()
        for task in stopped.tasks { await task.value }
    }

    /// Where the cluster listens: `http://127.0.0.1:PORT`; the port is 0 while it does not.
    public var url: String { "http://127.0.0.1:\(running.withLock { $0?.channel.localAddress?.port } ?? 0)" }

    /// A kubeconfig file for kubectl and other clients.
    public var kubeconfig: String {
        """
        apiVersion: v1
        kind: Config
        clusters:
        - name: local
          cluster:
            server: \(url)
        users:
        - name: local
          user: {}
        contexts:
        - name: local
          context:
            cluster: local
            user: local
            namespace: default
        current-context: local

        """
    }

    private func startBackground() -> [Task<Void, Never>] {
        let (chores, ask) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        store.onChores { ask.yield() }
        let janitor = Janitor(store: store)
        var tasks = [Task { for await _ in chores { janitor.run() } }]
        if options.controllers {
            let controllers = Controllers(cluster: ClusterAccess(store: store))
            tasks.append(Task { await controllers.run() })
        }
        return tasks
    }

    private func makeFirstNamespaces() {
        let access = ClusterAccess(store: store, manager: "kube-apiserver")
        for name in ["default", "kube-system"] {
            _ = try? access.create(.namespaces, Object(.namespaces, name: name))
        }
    }
}

// What tests see, and do to a cluster that things go wrong.
extension LocalCluster {
    /// The requests that came, the latest 10,000 at least, in their order.
    public var requests: [RequestRecord] { context.log.withLock { $0.records } }

    /// Forgets the requests that came.
    public func clearRequests() { context.log.withLock { $0 = RequestLog() } }

    /// Decides for each request what goes wrong with it; nil for nothing. Called on the server's thread: be quick.
    public var faults: (@Sendable (RequestRecord) -> Fault?)? {
        get { context.faults.withLock { $0 }.fault }
        set { context.faults.withLock { $0.fault = newValue } }
    }

    /// How many watches are being served.
    public var watchCount: Int { context.watches.withLock { $0.count } }

    /// Closes the connections of all watches, as a network does that breaks.
    public func dropWatches() {
        for channel in context.watches.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }

    /// Forgets the history: watches and lists from before are told 410.
    public func compact() { store.write { $0.compact() } }

    /// The latest resource version.
    public var resourceVersion: Int { store.read { $0.revision } }
}
