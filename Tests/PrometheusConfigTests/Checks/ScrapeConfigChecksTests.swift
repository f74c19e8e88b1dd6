import Kube
import Testing

@testable import PrometheusConfig

@Suite("Checks of scrape configurations")
struct ScrapeConfigChecksTests {
    @Test func `Discovery by the in-cluster API server cannot have client settings`() {
        func problems(_ entry: JSON) -> [String] {
            ScrapeConfigChecks(version: .init(3, 5), scrapeInterval: nil)
                .problems(["job_name": "a", "kubernetes_sd_configs": [entry]]).map(\.description)
        }
        #expect(problems(["role": "pod", "follow_redirects": true]) == [])
        #expect(problems(["role": "pod", "api_server": "https://a", "tls_config": ["ca_file": "/ca"]]) == [])
        #expect(
            problems(["role": "pod", "tls_config": ["ca_file": "/ca"]]) == [
                "kubernetes_sd_configs[0].tls_config: needs api_server; the connection to the in-cluster API server cannot be configured"
            ])
        #expect(problems(["role": "pod", "enable_http2": false]).count == 1)
    }

    @Test func `Legacy names need an escaping scheme in the versions of Prometheus that require it`() {
        func problems(_ version: PrometheusVersion, _ escaping: JSON?) -> Int {
            var config: JSON = ["job_name": "a", "metric_name_validation_scheme": "legacy"]
            config["metric_name_escaping_scheme"] = escaping
            return ScrapeConfigChecks(version: version, scrapeInterval: nil).problems(config).count
        }
        #expect(problems(.init(3, 5), nil) == 1)
        #expect(problems(.init(3, 5), "underscores") == 0)
        #expect(problems(.init(3, 0), nil) == 0)
        #expect(problems(.init(3, 8), nil) == 0)
    }
}
