import Kube
import TestSupport
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Files with the jobs of all ScrapeConfigs")
struct ScrapeConfigFileTests {
    /// Whether the Prometheus of Debian has the kind of discovery.
    private static func isBuilt(_ job: JSON, _ version: PrometheusVersion) -> Bool {
        var missing = ["consul", "kuma", "nomad"]
        if version < PrometheusVersion(2, 45) { missing += ["kubernetes", "linode"] }
        if version >= PrometheusVersion(2, 45) { missing.append("azure") }
        if version.major >= 3 { missing.append("openstack") }
        return !missing.contains { job["\($0)_sd_configs"] != nil }
    }

    private func file(_ version: PrometheusVersion) -> JSON {
        var jobs: [JSON] = []
        let fixtures = DiscoveryCase.all.map(\.fixture) + ScrapeConfigTests.gates.map(\.fixture)
        for fixture in fixtures {
            // Other tests check the ScrapeConfigs that the version refuses.
            guard let config = try? fixture.agent({ $0.version = version }).config() else { continue }
            var named = config
            named["job_name"] = JSON("\(jobs.count)")
            jobs.append(named)
        }
        return ["scrape_configs": .array(jobs)]
    }

    @Test(arguments: [(2, 42), (2, 45), (2, 53), (3, 0), (3, 5), (3, 8), (3, 13)])
    func `The checks accept every job, and no key occurs twice`(_ numbers: (Int, Int)) throws {
        let version = PrometheusVersion(numbers.0, numbers.1)
        let file = file(version)
        #expect(try YAML.parseOne(YAML.write(file)).value == file)
        var problems: [ConfigProblem] = []
        let jobs = file["scrape_configs"]?.array ?? []
        let checks = ScrapeConfigChecks(version: version, scrapeInterval: "30s")
        #expect(checks.accepted(jobs, &problems).count == jobs.count)
        #expect(problems.map(\.description) == [])
        #expect(jobs.count >= 22)
    }

    @Test func `Prometheus accepts every job`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            var file = file(version)
            let jobs = (file["scrape_configs"]?.array ?? []).filter { Self.isBuilt($0, version) }
            file["scrape_configs"] = .array(jobs)
            let path = try folder.write("prometheus.yaml", YAML.write(file))
            let result = try await ChildProcess.run(
                installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
            #expect(result.code == 0, "\(installed): \(result.output)")
            #expect(jobs.count > 10)
        }
    }
}
