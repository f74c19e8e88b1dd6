import Kube
import KubeClient
import LocalCluster
import Logging
import Operator
import Planning
import PlanningInput
import PrometheusConfig
import TestSupport
import Testing
import TributaryAPI
import YAML

/// What `render` prints for a cluster's custom resources is what `run` applies to that cluster.
@Suite("Rendered objects") struct RenderTests {
    static let examples = [
        "agents-into-prometheus", "edge", "federation", "isolation", "monitors", "send-less", "thanos",
        "thanos-managed",
    ]

    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test(arguments: examples) func `Rendered objects are equal to applied ones, to the byte`(example: String)
        async throws
    {
        let cluster = LocalCluster()
        try await cluster.start()
        let sent = Applied()
        cluster.faults = { request in
            sent.record(request)
            return nil
        }
        let configuration = try ClusterConfiguration(server: cluster.url)
        let client = KubeClient(configuration, logger: Self.quiet)
        let own = KubeClient(configuration, options: .init(userAgent: Applied.userAgent), logger: Self.quiet)
        let tributary = Operator(client: own, logger: Self.quiet)
        do {
            try await Self.fill(client, "examples/\(example)")
            let operation = Task { try await tributary.run() }
            defer { operation.cancel() }
            var (rendered, applied) = ("", "")
            do {
                try await waitUntil("what is applied is what is rendered") {
                    rendered = try await Self.rendered(client)
                    applied = Self.text(sent.objects)
                    return rendered == applied
                }
            } catch is WaitingError {}
            #expect(rendered == applied)
            #expect(!applied.isEmpty)
            operation.cancel()
            _ = try? await operation.value
        } catch {
            Issue.record("\(error)")
        }
        await own.shutdown()
        await client.shutdown()
        await cluster.stop()
    }

    /// Applies Tributary's definitions and an example's objects, as a user would.
    private static func fill(_ client: KubeClient, _ folder: String) async throws {
        let own = TributaryAPI.customResourceDefinitions.map { Object($0) }
        for definition in own + MonitorKind.allCases.map(\.resource.looseDefinition) {
            _ = try await client.apply(
                .customResourceDefinitions, definition, fieldManager: "kubectl", force: true)
        }
        for path in try Checkout.list(folder) where path.hasSuffix(".yaml") {
            for document in try YAML.parse(try Checkout.read(path), file: path) {
                let object = Object(document.value)
                let resource = try #require(kind(of: object), "\(object)")
                _ = try await client.apply(resource, object, fieldManager: "kubectl", force: true)
            }
        }
    }

    private static func kind(of object: Object) -> Resource? {
        TributaryAPI.kind(of: object).map { $0.resource }
            ?? (Resource.builtIn + MonitorKind.allCases.map(\.resource)).first {
                $0.apiVersion == object.apiVersion && $0.kind == object.kind
            }
    }

    /// What `render` makes of what is in the cluster now.
    private static func rendered(_ client: KubeClient) async throws -> String {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        var objects: [JSON] = []
        let observed: [Resource] = [.statefulSets, .configMaps, .secrets, .namespaces]
        for resource in TributaryAPI.kinds.map({ $0.resource }) + observed + MonitorKind.allCases.map(\.resource) {
            objects += try await client.listAll(resource).items.map(\.json)
        }
        let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
        let path = try folder.write("cluster.json", list.text())
        let outcome = try await ChildProcess.run(
            Checkout.tributary, ["render", "--show-secrets", "-o", "json", "-f", path])
        #expect(outcome.code == 0, "\(outcome.output)")
        return text((try JSON(parsing: outcome.output)["items"]?.array ?? []).map { Object($0) })
    }

    /// Objects as text, one a line with their members in the order in which they are sent, in an order that does not
    /// depend on when they were.
    private static func text(_ objects: some Sequence<Object>) -> String {
        objects.sorted { $0.description < $1.description }.map { $0.json.text() }.joined(separator: "\n")
    }
}

/// What the operator sent last of each object.
private final class Applied: Sendable {
    static let userAgent = "operator-in-a-test"
    private let bodies = Locked<[String: Object]>([:])

    var objects: [Object] { bodies.withLock { Array($0.values) } }

    func record(_ request: RequestRecord) {
        guard request.verb == "apply", request.subresource == nil, request.userAgent == Self.userAgent,
            var json = try? JSON(parsing: request.body)
        else { return }
        // Say only which object is meant, where the operator knows that there is one, or none.
        for member in ["uid", "resourceVersion"] { json["metadata", member] = nil }
        bodies.withLock { $0[request.path] = Object(json) }
    }
}
