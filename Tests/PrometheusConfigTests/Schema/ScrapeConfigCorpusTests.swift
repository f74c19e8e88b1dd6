import Kube
import TestSupport
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Scrape configurations that Prometheus accepts and refuses")
struct ScrapeConfigCorpusTests {
    private func problems(_ job: JSON, _ version: PrometheusVersion) -> [String] {
        ScrapeConfigChecks(version: version, scrapeInterval: nil).problems(job).map(\.description)
    }

    @Test func `Every broken scrape configuration is refused with the place, what was found and what would be right`()
        throws
    {
        let entries = try ScrapeConfigCorpus.entries("broken")
        #expect(entries.count >= 100)
        for entry in entries {
            #expect(problems(entry.job, .init(3, 5)).first == entry.says, "\(entry.job.text())")
        }
    }

    @Test(arguments: [(2, 42), (2, 45), (2, 53), (3, 0), (3, 5), (3, 14)])
    func `Good scrape configurations are accepted by the versions that know their fields`(_ numbers: (Int, Int)) throws
    {
        let version = PrometheusVersion(numbers.0, numbers.1)
        let entries = try ScrapeConfigCorpus.entries("good")
        #expect(entries.count >= 70)
        for entry in entries {
            let found = problems(entry.job, version)
            #expect(found.isEmpty == entry.isAccepted(by: version), "\(version): \(entry.job.text()): \(found)")
        }
    }

    @Test func `The checks and promtool of every installed version agree about every scrape configuration`()
        async throws
    {
        let jobs = try (ScrapeConfigCorpus.entries("good") + ScrapeConfigCorpus.entries("broken")).map(\.job)
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let verdicts = try await Verdict.all(jobs, by: installed)
            var compared = 0
            for (job, verdict) in zip(jobs, verdicts) where !verdict.isNotBuilt {
                compared += 1
                let found = problems(job, version)
                #expect(
                    found.isEmpty == (verdict.refusal == nil),
                    "\(installed): \(job.text()): \(found), promtool: \(verdict.refusal ?? "accepted")")
            }
            #expect(compared > 150)
        }
    }

    @Test func `Fields of a version that came later are let through`() {
        let job: JSON = ["job_name": "a", "cosmic_rays": true, "beam_sd_configs": [[:]], "sample_limit": -1]
        #expect(problems(job, .init(3, 99)) == ["sample_limit: -1 should not be negative"])
        #expect(problems(job, .init(3, 5)).count == 3)
    }

    @Test func `An interval of discovery with which Prometheus crashes is refused`() async throws {
        let jobs: [JSON] = [
            ["job_name": "a", "dns_sd_configs": [["names": ["a.invalid"], "refresh_interval": "0s"]]],
            ["job_name": "a", "file_sd_configs": [["files": ["/none.json"], "refresh_interval": 0]]],
            ["job_name": "a", "http_sd_configs": [["url": "http://127.0.0.1:1", "refresh_interval": nil]]],
        ]
        for job in jobs {
            #expect(problems(job, .init(3, 5)).count == 1)
        }
        for installed in await InstalledPrometheus.all() {
            for job in jobs {
                let folder = try TemporaryDirectory()
                defer { folder.remove() }
                let file = try folder.write("prometheus.yaml", YAML.write(["scrape_configs": [job]]))
                let ended = try await ChildProcess.run(
                    installed.prometheus,
                    [
                        "--config.file=\(file)", "--storage.tsdb.path=\(folder.path("data"))",
                        "--web.listen-address=127.0.0.1:\(try freePort())",
                    ])
                #expect(ended.code != 0)
                #expect(ended.output.contains("panic: non-positive interval"), "\(installed)")
            }
        }
    }
}
