import Kube
import PrometheusConfig
import TestSupport
import Testing

@Suite("The configuration of a server")
struct ServerConfigurationTests {
    private let spokes: [JSON] = [
        ["job_name": "plain", "static_configs": [["targets": ["a:1"], "labels": ["cluster": "a"]]]],
        ["job_name": "user", "basic_auth": ["username_file": "/u", "password_file": "/p"]],
        ["job_name": "slow", "scrape_interval": "10s", "scrape_timeout": "20s"],
    ]
    private let reads: [JSON] = [
        ["name": "plain", "url": "https://a.example.org/api/v1/read", "required_matchers": ["tenant": "a"]],
        ["name": "user", "url": "https://b.example.org/", "basic_auth": ["username_file": "/u"]],
        ["name": "matcher", "url": "https://c.example.org/", "required_matchers": ["a-b": "c"]],
        ["name": "address", "url": "c.example.org"],
        ["name": "header", "url": "https://c.example.org/", "headers": ["Authorization": "x"]],
        ["name": "plain", "url": "https://a.example.org/"],
    ]

    private var configuration: ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.outOfOrderTimeWindow = "2h"
        configuration.scrapeConfigs = spokes
        configuration.remoteReads = reads
        return configuration
    }

    private func names(_ file: JSON, _ key: String, _ name: String) -> [String] {
        (file[key]?.array ?? []).compactMap { $0[name]?.string }
    }

    @Test func `Entries that the version would refuse are omitted one by one, with a problem each`() throws {
        let generated = configuration.generate(for: PrometheusVersion(2, 42))
        let file = try #require(generated.json)
        #expect(names(file, "scrape_configs", "job_name") == ["plain"])
        #expect(names(file, "remote_read", "name") == ["plain"])
        let problems = generated.problems.map(\.description)
        #expect(problems.count == 7, "\(problems)")
        #expect(
            problems.contains(
                "scrape config \"user\": basic_auth.username_file: needs Prometheus v2.49.0, this is v2.42.0"))
        #expect(problems.contains("remote read \"matcher\": required_matchers.a-b: \"a-b\" is not a valid label name"))

        let newer = try #require(configuration.generate(for: PrometheusVersion(3, 5)).json)
        #expect(names(newer, "scrape_configs", "job_name") == ["plain", "user"])
        // From 3.0 on, labels can have any name.
        #expect(names(newer, "remote_read", "name") == ["plain", "user", "matcher"])
    }

    @Test func `The out-of-order window is omitted before the version that introduced it`() throws {
        let generated = configuration.generate(for: PrometheusVersion(2, 38))
        #expect(try #require(generated.json)["storage"] == nil)
        #expect(configuration.generate(for: PrometheusVersion(2, 32)).json == nil)
    }

    @Test func `Prometheus accepts the file of a server`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let file = try #require(configuration.generate(for: version).json)
            let result = try await check(file, installed)
            #expect(result.code == 0, "\(installed): \(result.output)")
        }
    }

    @Test func `Prometheus refuses every entry that is omitted`() async throws {
        let bad: [JSON] =
            [
                ["basic_auth": ["username": "a"], "authorization": ["credentials": "b"]],
                ["basic_auth": ["username": "a"], "bearer_token_file": "/b"],
                ["basic_auth": ["username": "a", "password": "b", "password_file": "/b"]],
                ["authorization": ["type": "Basic", "credentials": "b"]],
                ["authorization": ["credentials": "b", "credentials_file": "/b"]],
                ["bearer_token": "a", "bearer_token_file": "/b"],
                ["oauth2": ["client_id": "a", "client_secret": "b"]],
                [
                    "oauth2": ["client_id": "a", "client_secret": "b", "token_url": "http://x"],
                    "authorization": ["credentials": "b"],
                ],
                ["scrape_interval": "10s", "scrape_timeout": "20s"],
            ]
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            for (index, var job) in bad.enumerated() {
                job["job_name"] = "bad"
                var configuration = ServerConfiguration()
                configuration.scrapeConfigs = [job]
                let generated = configuration.generate(for: version)
                #expect(generated.problems.map(\.effect) == [.rejected], "\(index): \(generated.problems)")
                let result = try await check(["scrape_configs": [job]], installed)
                #expect(result.code != 0, "\(installed) takes \(job)")
            }
            for read in reads.dropFirst(2).dropLast() {
                let result = try await check(["remote_read": [read]], installed)
                // Prometheus notices a URL without a scheme only on the first query. From 3.0 on, labels can have any name.
                let isTaken = read["name"] == "address" || (read["name"] == "matcher" && version.major >= 3)
                #expect((result.code == 0) == isTaken, "\(installed): \(read)")
            }
        }
    }

    private func check(_ file: JSON, _ installed: InstalledPrometheus) async throws -> (code: Int32, output: String) {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let path = try folder.write("prometheus.yaml", file.text())
        return try await ChildProcess.run(installed.promtool, ["check", "config", "--syntax-only", path])
    }
}
