import Kube
import KubeClient
import LocalCluster
import Logging
import TestSupport
import TributaryAPI

/// An API server to measure with, which has Tributary's kinds.
struct Server: Sendable {
    let side: Side
    /// The path of a kubeconfig.
    let kubeconfig: String
    let client: KubeClient
    let directory: TemporaryDirectory
    /// The cluster in this process; nil for a real API server.
    let local: LocalCluster?

    static let logger = Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() }

    /// Includes the real API server only if its binaries are installed.
    static var available: [Side] { RealAPIServer.assets == nil ? [.local] : Side.allCases }

    /// Starts a server, runs `body` with it, and stops it.
    /// With a fixed port, a local cluster can stop and start again at the same address.
    static func with(_ side: Side, port: Int = 0, _ body: (Server) async throws -> Void) async throws {
        Progress.say("\(side.name) starts")
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        switch side {
        case .local:
            // Without controllers, only the benchmarks change pods and Deployments, and nothing else needs time.
            let cluster = LocalCluster(options: .init(port: port, controllers: false, historyLimit: 20_000))
            try await cluster.start()
            let path = try directory.write("kubeconfig", cluster.kubeconfig)
            let result = await run(body) { try Server(side, path, directory, cluster) }
            await cluster.stop()
            try result.get()
        case .real:
            let real = try await RealAPIServer()
            let result = await run(body) { try Server(side, real.kubeconfig, directory, nil) }
            await real.stop()
            try result.get()
        }
    }

    private init(
        _ side: Side, _ kubeconfig: String, _ directory: TemporaryDirectory, _ local: LocalCluster?
    ) throws {
        self.side = side
        self.kubeconfig = kubeconfig
        self.directory = directory
        self.local = local
        client = KubeClient(
            try ClusterConfiguration.load(kubeconfig: kubeconfig, context: nil),
            options: .init(userAgent: "benchmarks"), logger: Self.logger)
    }

    private static func run(
        _ body: (Server) async throws -> Void, on make: () throws -> Server
    ) async -> Result<Void, any Error> {
        do {
            let server = try make()
            do {
                try await server.addKinds()
                try await body(server)
            } catch {
                await server.client.shutdown()
                throw error
            }
            await server.client.shutdown()
            return .success(())
        } catch {
            return .failure(error)
        }
    }

    private func addKinds() async throws {
        for definition in TributaryAPI.customResourceDefinitions { try await apply(Object(definition)) }
        for kind in TributaryAPI.kinds {
            try await waitUntil("\(kind.resource) is served") {
                (try? await client.list(kind.resource)) != nil
            }
        }
    }

    /// Applies an object of a known kind.
    @discardableResult
    func apply(_ object: Object) async throws -> Object {
        let known = TributaryAPI.kinds.map { $0.resource } + Resource.builtIn
        guard let resource = known.first(where: { $0.apiVersion == object.apiVersion && $0.kind == object.kind }) else {
            throw WaitingError(description: "\(object): not a kind that is known here")
        }
        return try await client.apply(resource, object, fieldManager: "benchmarks", force: true)
    }

    /// Does something for each number, 16 at a time.
    func forEach(_ numbers: Range<Int>, _ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let next = Locked(numbers.lowerBound)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    while true {
                        let number = next.withLock { next in
                            defer { next += 1 }
                            return next
                        }
                        guard number < numbers.upperBound else { return }
                        try await body(number)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
