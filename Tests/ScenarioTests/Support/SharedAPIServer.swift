import Kube
import KubeClient
import TestSupport
import Testing

/// One real API server for all scenarios, in which `kubectl apply -k manifests` has installed Tributary.
struct SharedAPIServer: SuiteTrait, TestScoping {
    /// The server while the scenarios run; nil if its binaries are missing.
    static let current = Locked<SharedAPIServer.Running?>(nil)

    struct Running: Sendable {
        var server: RealAPIServer
        /// How an administrator connects.
        var administrator: ClusterConfiguration
        /// How the operator's ServiceAccount connects, with only the permissions of the manifests.
        var serviceAccount: ClusterConfiguration
    }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        guard RealAPIServer.assets != nil else { return try await body() }
        let server = try await RealAPIServer()
        let result: Result<Void, any Error>
        do {
            let running = try await Self.install(on: server)
            Self.current.withLock { $0 = running }
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        Self.current.withLock { $0 = nil }
        await server.stop()
        try result.get()
    }

    static func install(on server: RealAPIServer) async throws -> Running {
        var administrator = try ClusterConfiguration(server: server.url)
        administrator.authorities = .file(server.certificates.authority)
        administrator.clientCertificate = .file(server.certificates.certificate)
        administrator.clientKey = .file(server.certificates.key)
        let client = KubeClient(administrator, logger: quiet)
        defer { Task { await client.shutdown() } }
        try await Manifests.install("manifests", kubeconfig: server.kubeconfig)
        try await Manifests.waitForDefinitions(client)
        let account = ObjectKey(namespace: "tributary-system", name: "tributary")
        let token = try await Manifests.token(of: account, client)
        let serviceAccount = try await administrator.acting(asHolderOf: token)
        return Running(server: server, administrator: administrator, serviceAccount: serviceAccount)
    }
}

extension Trait where Self == SharedAPIServer {
    static var sharedAPIServer: Self { SharedAPIServer() }
}

extension ClusterConfiguration {
    /// The same cluster with a token instead of the administrator's certificate.
    func acting(asHolderOf token: String) async throws -> ClusterConfiguration {
        var copy = self
        copy.clientCertificate = nil
        copy.clientKey = nil
        copy.authentication = .token(Redacted(token))
        return copy
    }
}
