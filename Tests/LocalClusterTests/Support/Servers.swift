import Kube
import KubeClient
import LocalCluster
import Logging
import TestSupport
import Testing

/// An API server that tests use. Both must behave the same.
enum ServerKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case local = "LocalCluster"
    case real = "kube-apiserver"

    /// The available servers. The real one needs its binaries.
    static var available: [ServerKind] { RealAPIServer.assets == nil ? [.local] : allCases }

    var testDescription: String { rawValue }
}

/// Starts both servers before a suite and stops them after it.
struct WithServers: SuiteTrait, TestScoping {
    /// The servers of the suite that runs. Each suite has its own, since suites run in parallel.
    @TaskLocal static var configurations: [ServerKind: ClusterConfiguration] = [:]

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        let local = LocalCluster()
        try await local.start()
        let real = RealAPIServer.assets == nil ? nil : try await RealAPIServer()
        let here = try ClusterConfiguration(server: local.url)
        var there = try real.map { try ClusterConfiguration(server: $0.url) }
        if let real {
            there?.authorities = .file(real.certificates.authority)
            there?.clientCertificate = .file(real.certificates.certificate)
            there?.clientKey = .file(real.certificates.key)
        }
        var configurations = [ServerKind.local: here]
        configurations[.real] = there
        let result: Result<Void, any Error>
        do {
            result = .success(try await Self.$configurations.withValue(configurations) { try await body() })
        } catch {
            result = .failure(error)
        }
        await real?.stop()
        await local.stop()
        try result.get()
    }
}

extension Trait where Self == WithServers {
    static var servers: Self { WithServers() }
}

/// A client and its own namespace, for one test.
struct Workspace: Sendable {
    let client: KubeClient
    let namespace: String

    static func with<Result>(_ kind: ServerKind, _ body: (Workspace) async throws -> Result) async throws -> Result {
        try await with(try #require(WithServers.configurations[kind]), body)
    }

    static func with<Result>(
        _ configuration: ClusterConfiguration, _ body: (Workspace) async throws -> Result
    ) async throws -> Result {
        let client = KubeClient(configuration, logger: Logger(label: "test"))
        do {
            let namespace = try await client.create(
                .namespaces, Object(["metadata": ["generateName": "test-"]]))
            let result = try await body(Workspace(client: client, namespace: namespace.name))
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    /// A key in the namespace.
    func key(_ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }

    func configMap(_ name: String, labels: [String: String] = [:], _ data: [String: String] = [:]) -> Object {
        Object(.configMaps, namespace: namespace, name: name, labels: labels, ["data": JSON(data)])
    }

    @discardableResult
    func create(_ resource: Resource, _ object: Object) async throws -> Object {
        try await client.create(resource, object)
    }

    func deployment(_ name: String, replicas: Int = 1) -> Object {
        Object(
            .deployments, namespace: namespace, name: name,
            [
                "spec": [
                    "replicas": JSON(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                    "template": [
                        "metadata": ["labels": ["app": .string(name)]],
                        "spec": ["containers": [["name": "main", "image": "example.com/main:1"]]],
                    ],
                ]
            ])
    }

    /// The path of a collection in the namespace, or of one object.
    func path(_ resource: Resource, _ name: String? = nil, _ subresource: String? = nil) -> String {
        resource.path(namespace: namespace, name: name, subresource: subresource)
    }

    /// A request whose answer is JSON.
    func raw(
        _ method: String, _ path: String, query: [(String, String)] = [], accept: String? = nil,
        contentType: String = "application/json", _ body: JSON? = nil
    ) async throws -> (code: Int, body: JSON, response: HTTPResponse) {
        var headers = [("Content-Type", contentType)]
        if let accept { headers.append(("Accept", accept)) }
        let response = try await client.raw(
            method: method, path: path, query: query, headers: headers, body: body?.encoded())
        return (response.status, (try? JSON(parsing: response.body)) ?? .null, response)
    }
}

/// The status with which a call fails.
func failure(_ body: () async throws -> some Any) async throws -> APIStatus {
    do {
        _ = try await body()
    } catch let status as APIStatus {
        return status
    }
    throw DidNotFail()
}

private struct DidNotFail: Error {}
