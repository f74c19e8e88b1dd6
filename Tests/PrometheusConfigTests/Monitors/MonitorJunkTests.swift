import Kube
import TestSupport
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Monitors with random values")
struct MonitorJunkTests {
    private static let junk: [JSON] = [
        nil, true, 0, -1, 7, .int(.max), .int(.min), 1.5, 1e300, "", " ", "a", "a b", "ü", "$1", "${1", "(", "[z-a]",
        "(?P<x>a)", "http://a:b", "socks5://a%", "http://é", "https://u:p@[::1]:80/x", "a{2000}", "\\", "\n", "\u{0}",
        "0", "-5", "30s", "1y1s1ms", "99999999999y", "1.2", "1e-400", "1m",
        "http://[", "http://a b", "://", "TLS13", "Basic", "HTTPS", "replace", "hashmod", "labelmap", "keepequal",
        "labeldrop", "RoleSelector", "5GB", "0.1B", "99999999999999999999PB", [], [[]], [nil], ["a"], [["a": "b"]], [:],
        ["a": "b"], ["name": "s", "key": "token"], ["name": "s"], .string(String(repeating: "x", count: 3000)),
        ["matchLabels": ["a/b/c": "d"]], ["secret": ["name": "s", "key": "ca"]],
    ]

    /// Fixtures with one or two values replaced; the same ones in every run.
    private static func monitors(_ count: Int, _ version: PrometheusVersion) -> [MonitorFixture] {
        var random = SeededNumbers(seed: 42)
        return (0..<count).map { _ in
            var fixture = MonitorFileTests.fixtures.randomElement(using: &random) ?? .probe
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                fixture.monitor["spec"] = replaced(fixture.monitor["spec"] ?? [:], &random)
            }
            return fixture.agent { $0.version = version }
        }
    }

    private static func replaced(_ value: JSON, _ random: inout SeededNumbers) -> JSON {
        guard Int.random(in: 0..<9, using: &random) > 0 else { return anything(in: value, &random) }
        switch value {
        case .object(var members):
            guard let key = members.keys.randomElement(using: &random), let member = members[key] else { break }
            members[key] = replaced(member, &random)
            return .object(members)
        case .array(var elements):
            guard let index = elements.indices.randomElement(using: &random) else { break }
            elements[index] = replaced(elements[index], &random)
            return .array(elements)
        default: break
        }
        return anything(in: value, &random)
    }

    /// Another value, in most cases of the same type.
    private static func anything(in place: JSON, _ random: inout SeededNumbers) -> JSON {
        let alike = junk.filter { $0.typeName == place.typeName }
        let isAlike = Int.random(in: 0..<4, using: &random) > 0
        return (isAlike ? alike : junk).randomElement(using: &random) ?? place
    }

    /// The jobs of all accepted monitors, with unique names, and the problems of the others.
    private static func outcome(_ count: Int, _ version: PrometheusVersion) -> (jobs: [JSON], problems: [String]) {
        var jobs: [JSON] = []
        var problems: [String] = []
        for fixture in monitors(count, version) {
            guard let made = try? fixture.made() else {
                problems.append(fixture.problem ?? "")
                continue
            }
            for job in made.jobs {
                var config = job.config
                config["job_name"] = JSON("\(jobs.count) \(job.name)")
                jobs.append(config)
            }
        }
        return (jobs, problems)
    }

    @Test(arguments: [(2, 45), (3, 5), (3, 13)])
    func `A monitor with random values is refused with one short line or makes valid jobs`(_ version: (Int, Int)) throws
    {
        let (jobs, problems) = Self.outcome(800, PrometheusVersion(version.0, version.1))
        #expect(jobs.count > 150 && problems.count > 150)
        for problem in problems {
            #expect(problem.hasPrefix("spec") && problem.unicodeScalars.count < 1000)
            #expect(!problem.unicodeScalars.contains { $0.value < 0x20 })
        }
        var refused: [ConfigProblem] = []
        let checks = ScrapeConfigChecks(
            version: PrometheusVersion(version.0, version.1), scrapeInterval: "30s")
        #expect(checks.accepted(jobs, &refused).count == jobs.count, "\(refused.prefix(3))")
    }

    @Test func `Prometheus accepts all jobs of monitors with random values in one file`() async throws {
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            guard version >= PrometheusVersion(2, 45) else { continue }
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            let jobs = Self.outcome(800, version).jobs
            let path = try folder.write("prometheus.yaml", YAML.write(["scrape_configs": .array(jobs)]))
            let result = try await ChildProcess.run(
                installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
            #expect(result.code == 0, "\(installed): \(result.output)")
        }
    }
}
