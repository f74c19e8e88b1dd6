import Kube
import TestSupport
import Testing

@testable import PrometheusConfig

@Suite("Scrape configurations with one change")
struct ScrapeConfigMutationTests {
    @Test func `The checks and promtool of every installed version agree about scrape configurations with one change`()
        async throws
    {
        let good = try ScrapeConfigCorpus.entries("good").map(\.job)
        var numbers = SeededNumbers(seed: ChildProcess.environment["TRIBUTARY_SEED"].flatMap(UInt64.init) ?? 12)
        let jobs = good.flatMap { job in (0..<6).map { _ in Mutation.changed(job, &numbers) } }.filter(Mutation.isFair)
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let checks = ScrapeConfigChecks(version: version, scrapeInterval: nil)
            let verdicts = try await Verdict.all(jobs, by: installed)
            var refused = 0
            for (job, verdict) in zip(jobs, verdicts) where !verdict.isNotBuilt && !verdict.isOfTargets {
                let found = checks.problems(job)
                if verdict.refusal != nil { refused += 1 }
                #expect(
                    found.isEmpty == (verdict.refusal == nil),
                    "\(installed): \(job.text()): \(found), promtool: \(verdict.refusal ?? "accepted")")
            }
            #expect(refused > 50)
        }
    }
}

/// A random change somewhere in a value.
enum Mutation {
    private static let values: [JSON] = [
        "", "x", "http://x/", "5m", 0, 1, -1, 1.5, true, nil, [], ["a"], [nil], [[:]], [:], ["a": "b"], ["a": ["b"]],
    ]

    /// The value with one member or element removed, renamed, or replaced.
    static func changed(_ value: JSON, _ numbers: inout SeededNumbers) -> JSON {
        switch value {
        case .object(let members):
            guard let (key, inner) = members.elements.randomElement(using: &numbers) else { break }
            var members = members
            switch UInt.random(in: 0..<8, using: &numbers) {
            case 0: members[key] = nil
            case 1:
                members[key] = nil
                members["\(key)s"] = inner
            case 2: members[key] = values.randomElement(using: &numbers) ?? .null
            default: members[key] = changed(inner, &numbers)
            }
            return .object(members)
        case .array(let elements):
            guard let index = elements.indices.randomElement(using: &numbers) else { break }
            var elements = elements
            if UInt.random(in: 0..<6, using: &numbers) == 0 {
                elements.remove(at: index)
            } else {
                elements[index] = changed(elements[index], &numbers)
            }
            return .array(elements)
        default: break
        }
        return values.randomElement(using: &numbers) ?? .null
    }

    /// Whether promtool can tell: not where discovery asks the machine for its region, nor for intervals of 0, with which
    /// Prometheus crashes later.
    static func isFair(_ job: JSON) -> Bool {
        let regions = ["ec2_sd_configs", "lightsail_sd_configs"].flatMap { job[$0]?.array ?? [] }
        let entries = ConfigField.discoveries.flatMap { job[$0.name]?.array ?? [] }
        return regions.allSatisfy { $0["region"]?.plainText?.isEmpty == false }
            && entries.allSatisfy { entry in
                entry["refresh_interval"].map { !$0.isNull && $0 != 0 } ?? true
            }
    }
}
