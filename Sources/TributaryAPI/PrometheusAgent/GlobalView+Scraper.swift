import Kube

extension GlobalView {
    /// The central Prometheus as the agent that would scrape the same and have such pods; nil without one. The fields that
    /// both have are named alike.
    public var scraper: PrometheusAgent? {
        guard let prometheus = spec.prometheus, var json = try? JSON(encoding: prometheus) else { return nil }
        for name in ["replicas", "storage"] { json[name] = nil }
        guard var spec = try? json.decode(PrometheusAgentSpec.self) else { return nil }
        spec.paused = self.spec.paused
        return PrometheusAgent(metadata: metadata, spec: spec, status: nil)
    }
}
