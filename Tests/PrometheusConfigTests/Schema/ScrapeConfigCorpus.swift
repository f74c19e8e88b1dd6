import Kube
import TestSupport
import YAML

@testable import PrometheusConfig

/// The scrape configurations of `Tests/Fixtures/scrape-configs`.
struct ScrapeConfigCorpus {
    /// A scrape configuration with what is known about it.
    struct Entry: Sendable {
        var job: JSON
        /// What the checks say, for a broken one.
        var says: String?
        /// The versions that accept it.
        var since: PrometheusVersion?
        var until: PrometheusVersion?

        func isAccepted(by version: PrometheusVersion) -> Bool {
            (since.map { version >= $0 } ?? true) && (until.map { version < $0 } ?? true)
        }
    }

    /// The entries of a file.
    static func entries(_ name: String) throws -> [Entry] {
        let file = try YAML.parseOne(Checkout.read("Tests/Fixtures/scrape-configs/\(name).yaml")).value
        return (file.array ?? []).map { entry in
            Entry(
                job: entry["job"] ?? .null, says: entry["says"]?.string,
                since: entry["since"]?.string.flatMap(PrometheusVersion.init),
                until: entry["until"]?.string.flatMap(PrometheusVersion.init))
        }
    }
}

/// What promtool says about a scrape configuration.
struct Verdict: Sendable {
    /// Why it is refused; nil if it is accepted.
    var refusal: String?
    /// Whether this build of Prometheus lacks a kind of discovery in it.
    var isNotBuilt = false

    /// Whether promtool refuses a target after relabelling. Prometheus leaves that target out, and scrapes the others.
    var isOfTargets: Bool { refusal?.contains(" in group ") == true }

    /// The verdicts about scrape configurations, each in a file of its own.
    static func all(_ jobs: [JSON], by installed: InstalledPrometheus) async throws -> [Verdict] {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let files = try jobs.enumerated().map { index, job in
            try folder.write("\(index).yaml", YAML.write(["scrape_configs": [job]]))
        }
        let output = try await ChildProcess.run(
            installed.promtool, ["check", "config", "--syntax-only"] + files,
            // Discovery in AWS asks the machine for its region.
            environment: ["AWS_EC2_METADATA_DISABLED": "true"], within: .seconds(300)
        ).output
        var said: [String: String] = [:]
        for part in output.split(separator: "Checking ").dropFirst(output.hasPrefix("Checking ") ? 0 : 1) {
            let lines = part.split(separator: "\n")
            said[String(lines[0])] = lines.dropFirst().joined(separator: " ")
        }
        return zip(jobs, files).map { job, file in
            guard let text = said[file] else { return Verdict(refusal: "promtool said nothing") }
            guard !text.contains("SUCCESS") else { return Verdict() }
            let version = PrometheusVersion(installed.version)
            let isNotBuilt = ConfigField.discoveries.contains { kind in
                job[kind.name] != nil && version.map(kind.isKnown) ?? false
                    && text.contains("field \(kind.name) not found")
            }
            return Verdict(refusal: text, isNotBuilt: isNotBuilt)
        }
    }
}
