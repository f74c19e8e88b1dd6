import Kube
import TestSupport
import Testing

@testable import PrometheusConfig

/// Runs the installed versions of Prometheus; without one, the tests do nothing.
@Suite("Agents on a real Prometheus")
struct AgentOnPrometheusTests {
    @Test func `Prometheus accepts the file of an agent`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            let yaml = try #require(AgentConfigurationTests.full.generate(for: version).yaml)
            let path = try folder.write("prometheus.yaml", yaml)
            let result = try await ChildProcess.run(
                installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
            #expect(result.code == 0, "\(installed): \(result.output)\n\(yaml)")
        }
    }

    @Test func `Prometheus refuses what the checks refuse`() async throws {
        let bad: [JSON] = [
            ["scrape_configs": [["job_name": "a", "scrape_timeout": "2m"]]],
            ["scrape_configs": [["job_name": "a"], ["job_name": "a"]]],
            ["scrape_configs": [["job_name": "a", "scrape_intervall": "2m"]]],
            ["scrape_configs": [["job_name": "a", "relabel_configs": [["regex": "x"]]]]],
            ["scrape_configs": [["job_name": "a", "relabel_configs": [["action": "keep", "regex": "(?=a)"]]]]],
            ["global": ["external_labels": ["a": "b"], "scrape_interval": "1.5m"]],
            ["remote_write": [["url": "https://x", "headers": ["Authorization": "x"]]]],
            [
                "remote_write": [
                    ["url": "https://x", "basic_auth": ["username": "a"], "authorization": ["credentials": "x"]]
                ]
            ],
        ]
        for installed in await InstalledPrometheus.all() {
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            for (index, document) in bad.enumerated() {
                var document = document
                if document["remote_write"] == nil { document["remote_write"] = [["url": "https://x"]] }
                let path = try folder.write("bad-\(index).yaml", document.text())
                let result = try await ChildProcess.run(
                    installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
                #expect(result.code != 0, "\(installed) takes \(document)")
            }
        }
    }

    @Test func `Prometheus starts as an agent with the arguments`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            var agent = AgentConfigurationTests.full
            agent.scrapeConfigs = []
            agent.remoteWrite = [RemoteWrite(url: "http://127.0.0.1:9/")]
            var arguments = AgentArguments()
            arguments.configFile = try folder.write("prometheus.yaml", try #require(agent.generate(for: version).yaml))
            arguments.storagePath = folder.path("data")
            arguments.listenAddress = "127.0.0.1:0"
            let log = folder.path("log")
            let child = try ChildProcess(
                installed.prometheus, arguments.list(for: version, agent),
                environment: ["POD_NAME": "agent-0"], logPath: log)
            do {
                try await waitUntil("\(installed) is ready or ended", within: .seconds(60)) {
                    !child.isRunning || child.log.contains("Server is ready to receive web requests")
                }
                #expect(child.isRunning, "\(installed): \(child.log)")
            } catch {
                Issue.record("\(installed): \(child.log)")
            }
            await child.stop()
        }
    }
}
