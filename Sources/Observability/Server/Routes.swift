/// What the server answers to which path.
struct Routes: Sendable {
    var metrics: MetricsRegistry?
    var health: Health?

    struct Answer: Sendable {
        var status: Int
        var contentType = "text/plain; charset=utf-8"
        var body: String
        var allow: String?
    }

    func answer(method: String, uri: String) -> Answer {
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = parts.first ?? ""
        guard let answer = answer(path: path, query: parts.count == 2 ? parts[1] : "") else {
            return Answer(status: 404, body: "404 page not found\n")
        }
        guard method == "GET" || method == "HEAD" else {
            return Answer(status: 405, body: "method not allowed\n", allow: "GET, HEAD")
        }
        return answer()
    }

    /// What makes the answer, so that a request with a wrong method costs nothing.
    private func answer(path: Substring, query: Substring) -> (() -> Answer)? {
        if path == "/metrics", let metrics {
            return { Answer(status: 200, contentType: MetricsRegistry.contentType, body: metrics.text()) }
        }
        // Prometheus and Thanos have these two.
        let path = path == "/-/healthy" ? "/healthz" : path == "/-/ready" ? "/readyz" : path
        let probes = ["/healthz", "/readyz"]
        guard let health, probes.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) else { return nil }
        return {
            let answer = health.answer(path: path, query: query)
            return Answer(status: answer?.status ?? 404, body: answer?.body ?? "404 page not found\n")
        }
    }
}
