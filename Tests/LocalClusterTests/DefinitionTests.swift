import Kube
import KubeClient
import TestSupport
import Testing
import YAML

@testable import LocalCluster

/// CustomResourceDefinitions that resemble kinds that the server has already.
@Suite("CustomResourceDefinitions in conflict") struct DefinitionTests {
    private let client = InProcessClient(store: ClusterStore(historyLimit: 100))

    init() throws { try client.create(.namespaces, Object(.namespaces, name: "default")) }

    private func definition(_ resource: Resource) throws -> Object {
        var definition = Widgets.definition
        definition.json["metadata", "name"] = .string("\(resource.plural).\(resource.group)")
        definition.json["spec", "group"] = .string(resource.group)
        definition.json["spec", "names"] = [
            "kind": .string(resource.kind), "plural": .string(resource.plural),
            "singular": .string(resource.kind.lowercased()), "listKind": .string("\(resource.kind)List"),
        ]
        return definition
    }

    private func object(_ resource: Resource) -> Object {
        Object(resource, namespace: "default", name: "x", ["spec": ["size": "small"]])
    }

    @Test func `Events of another group are not core events`() throws {
        let events = Resource(group: "example.com", version: "v1", kind: "Event", plural: "events")
        try client.create(.customResourceDefinitions, try definition(events))
        try client.create(events, object(events))
        #expect(client.list(events, namespace: nil).count == 1)
        #expect(client.list(.events, namespace: nil).isEmpty)
    }

    @Test func `A definition with the URL of a built-in kind does not replace it`() throws {
        let other = Resource(group: "apps", version: "v1", kind: "Deployment", plural: "deployments")
        var registry = Registry()
        try registry.add(crd: try definition(other))
        #expect(registry.lookup(.deployments)?.isBuiltIn == true)
        registry.remove(crd: try definition(other))
        #expect(registry.lookup(.deployments)?.isBuiltIn == true)
    }

    @Test func `A definition whose versions are no longer served is deleted with its objects`() throws {
        let created = try client.create(.customResourceDefinitions, Widgets.definition)
        try client.create(Widgets.resource, object(Widgets.resource))
        var definition = try #require(client.get(.customResourceDefinitions, created.key))
        var version = definition.json["spec", "versions"]?[0] ?? [:]
        version["served"] = false
        definition.json["spec", "versions"] = [version]
        try client.update(.customResourceDefinitions, definition, subresource: nil)
        try client.delete(.customResourceDefinitions, created.key)
        GarbageCollector(store: client.store).run()
        #expect(client.get(.customResourceDefinitions, created.key) == nil)
    }

    @Test func `Names that stored objects depend on cannot change`() throws {
        let created = try client.create(.customResourceDefinitions, Widgets.definition)
        for (path, value) in [(["scope"], "Cluster"), (["names", "kind"], "Gadget")] {
            var definition = try #require(client.get(.customResourceDefinitions, created.key))
            definition.json[path: ["spec"] + path] = .string(value)
            let error = #expect(throws: APIStatus.self) {
                try client.update(.customResourceDefinitions, definition, subresource: nil)
            }
            #expect(error?.message.contains("field is immutable") == true)
        }
    }

    @Test func `A definition with a conversion webhook gets a warning`() throws {
        var definition = Widgets.definition
        definition.json["spec", "conversion"] = ["strategy": "Webhook"]
        #expect(ClusterState.warnings(about: definition).first?.contains("does not call conversion webhooks") == true)
        #expect(ClusterState.warnings(about: Widgets.definition).isEmpty)
    }
}
