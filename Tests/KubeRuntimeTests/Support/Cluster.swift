import Kube
import KubeClient
import KubeRuntime
import LocalCluster
import Logging
import TestSupport

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

/// The API servers that a test can run against: the local one always, a genuine one where its binaries are.
enum Server: String, CaseIterable, Sendable {
    case local
    case genuine

    static var available: [Server] { RealAPIServer.assets == nil ? [.local] : allCases }
}

/// Runs a test with a client of a server of its own; the recording has the methods of all requests.
func withServer(_ server: Server, _ test: (KubeClient, Recording<String>) async throws -> Void) async throws {
    let methods = Recording<String>()
    let options = KubeClient.Options(onRequest: { method, _, _ in methods.append(method) })
    let configuration: ClusterConfiguration
    let stop: @Sendable () async -> Void
    switch server {
    case .local:
        let cluster = LocalCluster(options: LocalCluster.Options(controllers: false))
        try await cluster.start()
        configuration = try ClusterConfiguration(server: cluster.url)
        stop = { await cluster.stop() }
    case .genuine:
        let genuine = try await RealAPIServer()
        var secured = try ClusterConfiguration(server: genuine.url)
        let files = genuine.certificates
        secured.authorities = .file(files.authority)
        secured.clientCertificate = .file(files.certificate)
        secured.clientKey = .file(files.key)
        configuration = secured
        stop = { await genuine.stop() }
    }
    let client = KubeClient(configuration, options: options, logger: quiet)
    do {
        try await test(client, methods)
    } catch {
        await client.shutdown()
        await stop()
        throw error
    }
    await client.shutdown()
    await stop()
}
