import Kube
import KubeClient
import Logging
import TestSupport
import Testing
import YAML

@testable import TributaryAPI

/// Compares the checks of a real API server with those without one.
///
/// One test with one server, since a server takes seconds to start. Requires the binaries in `KUBEBUILDER_ASSETS` or in
/// its default folder.
@Suite(.enabled(if: RealAPIServer.assets != nil, "no kube-apiserver: set KUBEBUILDER_ASSETS"))
struct `Real API server` {
    @Test(.timeLimit(.minutes(5)))
    func `A real API server accepts the definitions and the examples and refuses bad objects`() async throws {
        let server = try await RealAPIServer()
        let client: KubeClient
        do {
            let cluster = try ClusterConfiguration.load(kubeconfig: server.kubeconfig, context: nil, environment: [:])
            client = KubeClient(cluster, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        } catch {
            await server.stop()
            throw error
        }
        do {
            try await establish(client)
            try await applyExamples(client)
            try await refuseBadObjects(client)
            try await keepIDs(client)
            try await scale(client)
        } catch {
            Issue.record(error)
        }
        await client.shutdown()
        await server.stop()
    }

    private func establish(_ client: KubeClient) async throws {
        for crd in TributaryAPI.customResourceDefinitions {
            let applied = try await client.apply(
                .customResourceDefinitions, Object(crd), fieldManager: "test", force: false, fieldValidation: .strict)
            let schema = applied.json["spec", "versions"]?[0]?["schema", "openAPIV3Schema"]
            let own = crd["spec", "versions"]?[0]?["schema", "openAPIV3Schema"]
            #expect(schema == own, "\(applied.name): the server changes the schema, so every apply would write")
        }
        for kind in TributaryAPI.kinds {
            try await waitUntil("\(kind.resource) are served") {
                (try? await client.list(kind.resource)) != nil
            }
        }
    }

    private func applyExamples(_ client: KubeClient) async throws {
        for story in Examples.stories {
            for (file, object) in try Repository.examples() where file.hasPrefix("examples/\(story)/") {
                // Each story has its own namespaces, since tenants with the same name have different ids.
                var object = object
                if let namespace = object.namespace {
                    object.json["metadata", "namespace"] = JSON("\(story)-\(namespace)")
                }
                if object.kind == "Namespace" { object.json["metadata", "name"] = JSON("\(story)-\(object.name)") }
                if object.group == "monitoring.coreos.com" {
                    try await client.apply(
                        .customResourceDefinitions, Self.monitors(object).looseDefinition, fieldManager: "test",
                        force: false)
                    try await waitUntil("\(object.kind)s are served") {
                        (try? await client.list(Self.monitors(object))) != nil
                    }
                }
                let resource = try #require(Self.resource(of: object), "\(file): \(object)")
                try await client.apply(resource, object, fieldManager: "test", force: false, fieldValidation: .strict)
            }
        }
    }

    /// The resource of a monitor of prometheus-operator.
    private static func monitors(_ object: Object) -> Resource {
        Resource(
            group: object.group, version: object.apiVersion.split(separator: "/").last.map(String.init) ?? "",
            kind: object.kind, plural: "\(object.kind.lowercased())s")
    }

    private static func resource(of object: Object) -> Resource? {
        if object.group == "monitoring.coreos.com" { return monitors(object) }
        let known: [Resource] = [
            .namespaces, .secrets, .configMaps, .services, .statefulSets, .deployments, .podDisruptionBudgets,
            .serviceAccounts, .roles, .roleBindings,
        ]
        return (TributaryAPI.kinds.map { $0.resource } + known).first {
            $0.kind == object.kind && $0.apiVersion == object.apiVersion
        }
    }

    private func refuseBadObjects(_ client: KubeClient) async throws {
        for bad in BadObject.breakingRules + BadObject.notFitting {
            let object = try object(bad.yaml)
            let kind = try #require(TributaryAPI.kind(of: object))
            let refusal = await #expect(throws: APIStatus.self, "\(bad.mistake) is accepted") {
                try await client.create(kind.resource, object, WriteOptions(dryRun: true))
            }
            #expect(refusal?.code == 422, "\(bad.mistake)")
            let fields = (refusal?.details?["causes"]?.array ?? []).compactMap { $0["field"]?.string }
            // For an invalid name the server reports the whole object: a rule cannot have a path below metadata.
            #expect(fields.contains(bad.field == "metadata.name" ? "<nil>" : bad.field), "\(bad.mistake): \(fields)")
            #expect(refusal?.message.contains(bad.problem) == true, "\(bad.mistake): \(refusal?.message ?? "")")
        }
    }

    private func keepIDs(_ client: KubeClient) async throws {
        func tenant(_ id: String?) -> Object {
            let spec: JSON = ["globalViewRef": ["name": "main"], "id": id.map { JSON($0) } ?? .null]
            return Object(Tenant.resource, namespace: "default", name: "acme", ["spec": spec.droppingNulls])
        }
        try await client.apply(Tenant.resource, tenant(nil), fieldManager: "test", force: false)
        // Setting the default explicitly changes nothing.
        try await client.apply(Tenant.resource, tenant("acme"), fieldManager: "test", force: false)
        let refusal = await #expect(throws: APIStatus.self) {
            try await client.apply(Tenant.resource, tenant("other"), fieldManager: "test", force: false)
        }
        #expect(refusal?.message.contains("spec.id: Invalid value: ") == true)
        #expect(refusal?.message.contains("cannot be changed: the stored series carry it") == true)
    }

    private func scale(_ client: KubeClient) async throws {
        let key = ObjectKey(namespace: "send-less-monitoring", name: "cluster")
        #expect(
            try await client.get(PrometheusAgent.resource, key, subresource: "scale").json["spec", "replicas"] == 2)
        try await client.patch(
            PrometheusAgent.resource, key, .merge, body: ["spec": ["replicas": 3]], subresource: "scale")
        #expect(try PrometheusAgent(await client.get(PrometheusAgent.resource, key)).shards == 3)
    }
}
