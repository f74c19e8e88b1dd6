import Kube
import KubeClient
import LocalCluster
import Logging
import TestSupport
import Testing

/// Where a scenario plays: what happens in the one must happen in the other.
enum ClusterKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case local = "LocalCluster"
    case real = "kube-apiserver"

    /// Those that are there: the genuine one only where its binaries are.
    static var available: [ClusterKind] { RealAPIServer.assets == nil ? [.local] : allCases }

    var testDescription: String { rawValue }
}

/// Everything that is played against a whole cluster.
@Suite(.sharedAPIServer) enum Scenarios {}

/// One genuine API server for all scenarios, with Tributary installed as `kubectl apply -k manifests` installs it.
struct SharedAPIServer: SuiteTrait, TestScoping {
    /// The server while the scenarios play; nil where there are no binaries.
    static let current = Locked<SharedAPIServer.Running?>(nil)

    struct Running: Sendable {
        var server: RealAPIServer
        /// How an administrator connects.
        var administrator: ClusterConfiguration
        /// How the operator's ServiceAccount connects, with nothing but the manifests' permissions.
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

    private static func install(on server: RealAPIServer) async throws -> Running {
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
    /// The same cluster, with a token and without the administrator's certificate.
    func acting(asHolderOf token: String) async throws -> ClusterConfiguration {
        var copy = self
        copy.clientCertificate = nil
        copy.clientKey = nil
        copy.authentication = .token(Redacted(token))
        return copy
    }
}

/// A logger that says nothing.
let quiet = Logger(label: "scenario") { _ in SwiftLogNoOpLogHandler() }
