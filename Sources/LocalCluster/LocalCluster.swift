import Kube
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix

/// A small Kubernetes API server inside the process, on loopback, with its objects in memory: for tests, the demo and the
/// playground, never for production.
///
/// It serves the built-in kinds that this operator uses, and CustomResourceDefinitions. It does not run CEL rules, does not
/// authenticate clients, and allows everything.
public final class LocalCluster: Sendable {
    /// The options of a local cluster.
    public struct Options: Sendable {
        /// The port on 127.0.0.1; 0 chooses a free port.
        public var port: Int
        /// Whether Deployments and StatefulSets get pods that become ready, and Services get EndpointSlices.
        public var controllers: Bool
        /// The number of latest changes of each resource that watches and lists can continue from.
        public var historyLimit: Int
        /// The time between two bookmarks of a watch.
        public var bookmarkInterval: Duration
        /// The logger; nil logs nothing.
        public var logger: Logger?

        /// Creates options. The defaults suit tests.
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

    private struct InvalidPort: Error, CustomStringConvertible {
        var port: Int
        var description: String { "port \(port) should be between 0 and 65535" }
    }

    private struct Running: Sendable {
        var group: MultiThreadedEventLoopGroup
        var channel: any Channel
        var tasks: [Task<Void, Never>]
    }

    private let options: Options
    private let store: ClusterStore
    private let context: ServerContext
    private let running = Locked<Running?>(nil)
    /// The port of the last start, so that clients find the cluster again.
    private let port: Locked<Int>

    /// Creates a cluster that is not started yet.
    public init(options: Options = Options()) {
        self.options = options
        port = Locked(options.port)
        store = ClusterStore(historyLimit: options.historyLimit)
        context = ServerContext(api: API(store: store), bookmarkInterval: options.bookmarkInterval)
        createInitialNamespaces()
    }

    /// Starts listening on loopback. Throws if the port is invalid or taken.
    ///
    /// A stopped cluster can be started again: it keeps its objects and its port, as after a network outage.
    public func start() async throws {
        let port = port.withLock { $0 }
        guard (0...65535).contains(port) else { throw InvalidPort(port: port) }
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
                .bind(host: "127.0.0.1", port: port).get()
        } catch {
            await shutDown(group)
            throw error
        }
        self.port.withLock { $0 = channel.localAddress?.port ?? $0 }
        let tasks = startBackground()
        running.withLock { $0 = Running(group: group, channel: channel, tasks: tasks) }
        options.logger?.info("the local cluster listens", metadata: ["url": "\(url)"])
    }

    /// Closes all connections and stops listening.
    public func stop() async {
        let stopped = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let stopped else { return }
        for task in stopped.tasks { task.cancel() }
        store.onCleanup(nil)
        // A channel that cannot be closed is closed already.
        try? await stopped.channel.close()
        let connections = context.connections.withLock { Array($0.values) }
        for channel in connections { try? await channel.close() }
        await shutDown(stopped.group)
        for task in stopped.tasks { await task.value }
    }

    private func shutDown(_ group: MultiThreadedEventLoopGroup) async {
        do {
            try await group.shutdownGracefully()
        } catch {
            options.logger?.warning("an event loop did not shut down", metadata: ["error": "\(error)"])
        }
    }

    /// The URL of the API server, `http://127.0.0.1:PORT`. The port is 0 while the cluster is stopped.
    public var url: String { "http://127.0.0.1:\(running.withLock { $0?.channel.localAddress?.port } ?? 0)" }

    /// The content of a kubeconfig file for this cluster.
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
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        store.onCleanup { signal.yield() }
        signal.yield()  // for what is left from before a stop
        let collector = GarbageCollector(store: store)
        var tasks = [Task { for await _ in signals { collector.run() } }]
        if options.controllers {
            let controllers = Controllers(cluster: InProcessClient(store: store), logger: options.logger)
            tasks.append(Task { await controllers.run() })
        }
        return tasks
    }

    private func createInitialNamespaces() {
        let client = InProcessClient(store: store, manager: "kube-apiserver")
        for name in ["default", "kube-system"] {
            do {
                try client.create(.namespaces, Object(.namespaces, name: name))
            } catch {
                options.logger?.error(
                    "a namespace was not created", metadata: ["namespace": "\(name)", "error": "\(error.message)"])
            }
        }
    }
}

// What tests observe, and the faults that they inject.
extension LocalCluster {
    /// The requests so far, in order: at least the latest 10,000.
    public var requests: [RequestRecord] { context.log.withLock { $0.records } }

    /// Forgets the requests so far.
    public func clearRequests() { context.log.withLock { $0 = RequestLog() } }

    /// Returns the fault to inject into a request; nil for none. The server calls this on its thread, so it must be quick.
    public var faults: (@Sendable (RequestRecord) -> Fault?)? {
        get { context.faults.withLock { $0 }.fault }
        set { context.faults.withLock { $0.fault = newValue } }
    }

    /// Returns the log of a pod's container; nil for a container without one. The server calls this on its thread.
    public var logs: (@Sendable (_ pod: ObjectKey, _ container: String) -> String?)? {
        get { context.api.logs.withLock { $0 } }
        set { context.api.logs.withLock { $0 = newValue } }
    }

    /// The number of open watches.
    public var watchCount: Int { context.watches.withLock { $0.count } }

    /// Closes the connections of all watches, as in a network failure.
    public func dropWatches() {
        for channel in context.watches.withLock({ Array($0.values) }) { channel.close(promise: nil) }
    }

    /// Forgets the history. Watches and lists from earlier resource versions get 410.
    public func compact() { store.write { $0.compact() } }

    /// The latest resource version.
    public var resourceVersion: Int { store.read { $0.revision } }
}
