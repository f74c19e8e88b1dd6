import KubeClient
import LocalCluster
import Logging
import Operator

/// A small API server on this machine, with a client of it and a kubeconfig file for other programs.
struct Playground {
    /// The API server's URL.
    let url: String
    let client: KubeClient

    /// Starts an API server, writes its kubeconfig, and stops it once `body` has ended. Port 0 stands for a free one.
    static func with(
        port: Int = 0, kubeconfig path: String, logger: Logger, _ body: (Playground) async throws -> Void
    ) async throws {
        let cluster = LocalCluster(options: .init(port: port))
        do {
            try await cluster.start()
        } catch {
            throw CommandFailure(line: "error: cannot listen on 127.0.0.1:\(port): \(error)")
        }
        do {
            try OutputFile.write(cluster.kubeconfig, to: path)
            // Like any other program, the client finds the API server by its kubeconfig.
            let client = KubeClient(try ClusterConfiguration.load(kubeconfig: path), logger: logger)
            do {
                try await body(Playground(url: cluster.url, client: client))
            } catch {
                await client.shutdown()
                throw error
            }
            await client.shutdown()
        } catch {
            await cluster.stop()
            throw error
        }
        await cluster.stop()
    }

    /// Runs an operator while something is done. An operator that fails ends that with its error.
    func withOperator(logger: Logger, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let tributary = Operator(client: client, logger: logger)
        try await withBackgroundWork("the operator", { try await tributary.run() }, body)
    }
}
