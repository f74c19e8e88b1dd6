import Kube
import PlanningInput
import TributaryAPI

extension FederationSpec {
    /// The scrape configuration that federates a spoke. Labels stay as they are in the spoke, except for that of its tenant.
    func scrapeConfig(_ files: inout FileMounts, of tenant: ForcedLabel?) -> JSON {
        // A scrape configuration has the URL's scheme and path as separate settings.
        let (scheme, address, path) = Self.parts(of: url)
        var labels = labels
        if let tenant { labels = (labels ?? [:]).merging([tenant.label: tenant.id]) { _, id in id } }
        var job: JSON = [
            "job_name": JSON("federate/\(name)"), "honor_labels": true, "scheme": JSON(scheme),
            "metrics_path": JSON("\(path)/federate"), "params": ["match[]": JSON(match)],
            "static_configs": [
                ["targets": [JSON(address)], "labels": labels.map { JSON($0) } ?? .null]
            ],
        ]
        // With honor_labels, only a rule that comes after the labels of the series decides.
        job["metric_relabel_configs"] = tenant.map { [$0.rule.json] }
        job["scrape_interval"] = scrapeInterval.map { JSON($0) }
        job["scrape_timeout"] = scrapeTimeout.map { JSON($0) }
        for (key, value) in SpokeHTTPClient.members(basicAuth, authorization, tlsConfig, &files) { job[key] = value }
        return job.droppingNulls
    }

    private static func parts(of url: String) -> (scheme: String, address: String, path: String) {
        let scheme = url.hasPrefix("https://") ? "https" : "http"
        let rest = url.drop { $0 != "/" }.drop { $0 == "/" }
        let path = rest.drop { $0 != "/" }
        return (scheme, String(rest.prefix { $0 != "/" }), WriteIngress.normalized(String(path)))
    }
}
