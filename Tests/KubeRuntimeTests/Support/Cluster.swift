import Kube
import KubeClient
import KubeRuntime
import LocalCluster
import Logging

/// Runs a test against a cluster of its own on loopback, with a client of it.
func withCluster(_ test: (LocalCluster, KubeClient) async throws -> Void) async throws {
    let cluster = LocalCluster(options: LocalCluster.Options(controllers: false))
    try await cluster.start()
    let configuration = try ClusterConfiguration(server: cluster.url)
    let client = KubeClient(configuration, logger: quiet)
    do {
        try await test(cluster, client)
    } catch {
        await client.shutdown()
        await cluster.stop()
        throw error
    }
    await client.shutdown()
    await cluster.stop()
}

/// A logger that says nothing.
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
