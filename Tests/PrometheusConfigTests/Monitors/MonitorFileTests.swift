import Kube
import TestSupport
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Files with the jobs of all fixtures")
struct MonitorFileTests {
    /// The fixtures with jobs.
    static let fixtures: [MonitorFixture] =
        (MonitorFieldTests.endpoints + MonitorFieldTests.discoveries + MonitorFieldTests.limits
        + MonitorFieldTests.probes
        + MonitorFieldTests.agents).map(\.changed) + MonitorVersionTests.gates.map(\.fixture)

    /// The file with the jobs of all fixtures for a version, with unique names.
    private func file(_ version: PrometheusVersion) throws -> JSON {
        var jobs: [JSON] = []
        for fixture in Self.fixtures {
            for job in try fixture.agent({ $0.version = version }).made().jobs {
                var config = job.config
                config["job_name"] = JSON("\(jobs.count) \(job.name)")
                jobs.append(config)
            }
        }
        return ["scrape_configs": .array(jobs)]
    }

    @Test(arguments: [(2, 45), (2, 53), (3, 0), (3, 5), (3, 8), (3, 13)])
    func `The checks accept every job, and no key occurs twice`(_ version: (Int, Int)) throws {
        let version = PrometheusVersion(version.0, version.1)
        let file = try file(version)
        // The parser refuses a key that occurs twice.
        #expect(try YAML.parseOne(YAML.write(file)).value == file)
        var problems: [ConfigProblem] = []
        let checks = ScrapeConfigChecks(version: version, scrapeInterval: "30s")
        let jobs = file["scrape_configs"]?.array ?? []
        #expect(checks.accepted(jobs, &problems).count == jobs.count)
        #expect(problems.map(\.description) == [])
        #expect(jobs.count > 80)
    }

    @Test func `Prometheus accepts every job`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            var file = try file(version)
            // The Prometheus of Debian 12 has no Kubernetes discovery.
            if version < PrometheusVersion(2, 45) {
                let jobs = file["scrape_configs"]?.array ?? []
                file["scrape_configs"] = .array(jobs.filter { $0["kubernetes_sd_configs"] == nil })
            }
            let path = try folder.write("prometheus.yaml", YAML.write(file))
            let result = try await ChildProcess.run(
                installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
            #expect(result.code == 0, "\(installed): \(result.output)")
        }
    }
}
