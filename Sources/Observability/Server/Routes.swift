/// The paths that the server serves.
struct Routes: Sendable {
    var metrics: MetricsRegistry?
    var health: Health?
    var pages: FurtherPages?

    typealias Response = RequestHandler.Response

    /// The answer to a request with this method and URI. `known` is the value of `If-None-Match`.
    func answer(method: String, uri: String, known: String? = nil) -> FurtherPages.Answer {
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let (path, query) = (parts.first ?? "", parts.count == 2 ? parts[1] : "")
        let own = response(path: path, query: query)
        let further = own == nil ? pages?.answer(.init(path: path, query: query, known: known)) : nil
        guard own != nil || further != nil else { return .now(Response(status: 404, body: "404 page not found\n")) }
        guard method == "GET" || method == "HEAD" else {
            return .now(Response(status: 405, body: "method not allowed\n", headers: [("Allow", "GET, HEAD")]))
        }
        return further ?? .now(own?() ?? Response(status: 404, body: "404 page not found\n"))
    }

    /// A closure that creates the response, so that a request with a wrong method does no work.
    private func response(path: Substring, query: Substring) -> (() -> Response)? {
        if path == "/metrics", let metrics {
            return { Response(status: 200, contentType: MetricsRegistry.contentType, body: metrics.text()) }
        }
        // The paths of Prometheus and Thanos.
        let path = path == "/-/healthy" ? "/healthz" : path == "/-/ready" ? "/readyz" : path
        let probes = ["/healthz", "/readyz"]
        guard let health, probes.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) else { return nil }
        return {
            let response = health.response(path: path, query: query)
            return Response(status: response?.status ?? 404, body: response?.body ?? "404 page not found\n")
        }
    }
}
