import Kube

/// A document that describes the server: its version, the kinds that it serves, and their schemas.
struct DiscoveryDocument: Sendable {
    /// The media type of aggregated discovery, which kubectl asks for first.
    static let aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

    /// The document.
    let json: JSON
    /// Its media type.
    let contentType: String

    /// The document at a path: `/version`, `/api`, `/apis` and below down to the versions, `/openapi/v3` and below. Nil for
    /// other paths and for groups and versions that are not served.
    ///
    /// `accept` is the `Accept` header of the request, which may ask for aggregated discovery at `/api` and `/apis`.
    init?(path: [String], registry: Registry, accept: String) {
        let isAggregated = accept.contains("g=apidiscovery.k8s.io") && accept.contains("v=v2;")
        switch (path.first, path.count) {
        case ("api", 1) where isAggregated:
            json = APIDiscovery.aggregated(registry) { $0.isEmpty }
            contentType = Self.aggregatedType
        case ("apis", 1) where isAggregated:
            json = APIDiscovery.aggregated(registry) { !$0.isEmpty }
            contentType = Self.aggregatedType
        default:
            guard let json = Self.json(at: path, registry) else { return nil }
            self.json = json
            contentType = "application/json"
        }
    }

    private static func json(at path: [String], _ registry: Registry) -> JSON? {
        switch (path.first, path.count) {
        case ("version", 1): return APIDiscovery.version
        case ("api", 1): return ["kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []]
        case ("api", 2): return APIDiscovery.resources(registry, group: "", version: path[1])
        case ("apis", 1): return APIDiscovery.groups(registry)
        case ("apis", 2): return APIDiscovery.group(registry, path[1])
        case ("apis", 3): return APIDiscovery.resources(registry, group: path[1], version: path[2])
        case ("openapi", 2...) where path[1] == "v3":
            return OpenAPI.document(Array(path.dropFirst(2)), registry: registry)
        default: return nil
        }
    }
}
