import Kube
import Observability
import Topology

/// The page that shows what stands where and how: a document, its style and its program, and what they show as JSON.
///
/// It is read-only. All of it comes from here: the Content-Security-Policy allows nothing else, and no inline code.
package struct StatusPage: Sendable {
    private let topology: @Sendable () async -> Topology

    /// A page of what a closure tells.
    package init(topology: @escaping @Sendable () async -> Topology) { self.topology = topology }

    /// What to serve.
    package var pages: FurtherPages {
        FurtherPages { request in
            if request.path == "/topology" {
                let query = TopologyQuery(query: request.query)
                return .later { Self.answer(await topology(), query, known: request.known) }
            }
            return Asset.all[String(request.path)].map { .now($0.response) }
        }
    }

    private static func answer(_ topology: Topology, _ query: TopologyQuery, known: String?) -> RequestHandler.Response
    {
        let body = topology.json(query).text()
        // Not for security: two answers that differ have different tags, but for bad luck once in ages.
        let tag =
            "\"\(String(body.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16))\""
        let headers = [("ETag", tag)] + Asset.headers
        guard known != tag else {
            return RequestHandler.Response(status: 304, body: "", headers: headers, closes: true)
        }
        return RequestHandler.Response(
            status: 200, contentType: "application/json", body: body, headers: headers, closes: true)
    }
}
