import Kube
import KubeClient
import TestSupport
import Testing

/// A request that an API server refuses, with the expected answer.
struct Refusal: Sendable, CustomTestStringConvertible {
    /// The path of the request, which may depend on the namespace of the test.
    enum Path: Sendable {
        case of(Resource, String? = nil, String? = nil)
        case ofAll(Resource)
        case fixed(String)
    }

    var testDescription: String
    var method: String
    var path: Path
    var query: [(String, String)] = []
    var contentType = "application/json"
    var accept: String?
    var body: JSON?
    var code: Int
    var message: String

    init(
        _ description: String, _ method: String, _ path: Path, query: [(String, String)] = [],
        contentType: String = "application/json", accept: String? = nil, _ body: JSON? = nil, code: Int,
        _ message: String
    ) {
        testDescription = description
        self.method = method
        self.path = path
        self.query = query
        self.contentType = contentType
        self.accept = accept
        self.body = body
        self.code = code
        self.message = message
    }

    /// Sends the request to a server and compares its answer.
    func check(_ kind: ServerKind) async throws {
        try await Workspace.with(kind) { space in
            try await space.create(.configMaps, space.configMap("a"))
            try await space.create(.deployments, space.deployment("a"))
            if case .of(Widgets.resource, _, _) = self.path { try await Widgets.install(space) }
            let path =
                switch self.path {
                case .of(let resource, let name, let subresource): space.path(resource, name, subresource)
                case .ofAll(let resource): resource.path(namespace: nil)
                case .fixed(let path): path
                }
            let answer = try await space.raw(method, path, query: query, accept: accept, contentType: contentType, body)
            #expect(answer.code == code, "\(answer.body)")
            let found = answer.body["message"]?.string ?? ""
            #expect(found.contains(message), "\(found)")
            let config = try await space.client.get(.configMaps, space.key("a"))
            #expect(!config.isBeingDeleted, "the refused request has changed nothing")
        }
    }
}
