import Kube
import Testing

@testable import LocalCluster

@Suite("Discovery documents") struct DiscoveryTests {
    private func document(_ path: String, accept: String = "application/json") throws -> DiscoveryDocument? {
        let segments = path.split(separator: "/").map(String.init)
        return DiscoveryDocument(path: segments, registry: try registryWithWidgets(), accept: accept)
    }

    @Test func `Discovery lists the kinds of a version with their subresources`() throws {
        let json = try #require(try document("/apis/apps/v1")?.json)
        #expect(json["groupVersion"] == "apps/v1")
        let resources = json["resources"]?.array ?? []
        let names = resources.compactMap { $0["name"]?.string }
        #expect(names.contains("deployments") && names.contains("deployments/status"))
        let scale = try #require(resources.first { $0["name"] == "statefulsets/scale" })
        #expect(scale["kind"] == "Scale")
        #expect(scale["group"] == "autoscaling")
        #expect(resources.first { $0["name"] == "deployments" }?["shortNames"] == ["deploy"])
        let core = try #require(try document("/api/v1")?.json["resources"]?.array)
        #expect(core.first { $0["name"] == "namespaces" }?["namespaced"] == false)
        #expect(core.first { $0["name"] == "namespaces" }?["verbs"]?.array?.contains("deletecollection") == false)
    }

    @Test func `Discovery lists the preferred version of a group first`() throws {
        let group = try #require(try document("/apis/example.org")?.json)
        #expect(group["preferredVersion", "version"] == "v1")
        #expect(group["versions"]?.array?.count == 2)
        #expect(try document("/apis")?.json["groups"]?.array?.contains { $0["name"] == "apps" } == true)
    }

    @Test func `A client that asks for aggregated discovery gets all kinds in one document`() throws {
        let accept = "\(DiscoveryDocument.aggregatedType),application/json"
        let document = try #require(try document("/apis", accept: accept))
        #expect(document.contentType == DiscoveryDocument.aggregatedType)
        #expect(document.json["kind"] == "APIGroupDiscoveryList")
        let group = document.json["items"]?.array?.first { $0["metadata", "name"] == "example.org" }
        let widgets = group?["versions"]?[0]?["resources"]?[0]
        #expect(widgets?["resource"] == "widgets")
        #expect(widgets?["scope"] == "Namespaced")
        #expect(widgets?["subresources"]?.array?.compactMap { $0["subresource"]?.string } == ["scale", "status"])
        #expect(try self.document("/apis")?.contentType == "application/json")
        let core = try #require(try self.document("/api", accept: accept)).json
        #expect(core["items"]?.array?.count == 1)
    }

    @Test func `The OpenAPI documents have the schemas and the field validation that kubectl looks for`() throws {
        let index = try #require(try document("/openapi/v3")?.json["paths"])
        let url = try #require(index["apis/example.org/v1", "serverRelativeURL"]?.string)
        #expect(url.hasPrefix("/openapi/v3/apis/example.org/v1?hash="))
        let json = try #require(try document("/openapi/v3/apis/example.org/v1")?.json)
        let schema = try #require(json["components", "schemas", "org.example.v1.Widget"])
        #expect(schema["properties", "spec", "properties", "size", "description"] == "Size of the widget.")
        #expect(
            schema["x-kubernetes-group-version-kind"] == [["group": "example.org", "version": "v1", "kind": "Widget"]])
        let path = "/apis/example.org/v1/namespaces/{namespace}/widgets/{name}"
        let patch = try #require(json["paths", path]?["patch"])
        #expect(patch["x-kubernetes-group-version-kind", "kind"] == "Widget")
        #expect(patch["parameters"]?.array?.contains { $0["name"] == "fieldValidation" } == true)
    }

    @Test(arguments: [
        "/", "/apis/none", "/apis/apps/v2", "/api/v2", "/openapi/v2", "/openapi/v3/apis/none/v1", "/api/v1/pods",
    ])
    func `Other paths have no discovery document`(path: String) throws {
        #expect(try document(path) == nil)
    }
}
