import TestSupport

/// The process of an agent, and its own API.
struct RunningAgent {
    let name: String
    let url: String
    let process: ChildProcess
    /// Where its configuration is mounted.
    let folder: String

    /// The labels of the targets that it scrapes.
    func targets() async throws -> [(pool: String, labels: [String: String])] {
        let answer = try await curl(["\(url)/api/v1/targets?state=active"])
        return (answer.json["data", "activeTargets"]?.array ?? []).map {
            ($0["scrapePool"]?.string ?? "", $0["labels"]?.strings ?? [:])
        }
    }

    /// The names of the pods that it scrapes.
    func pods() async throws -> [String] { try await targets().compactMap { $0.labels["pod"] }.sorted() }

    /// The text of its own metrics.
    func metrics() async throws -> String { try await curl(["\(url)/metrics"]).body }

    /// Whether a server refused samples permanently, so that the agent dropped them.
    var hasDroppedSamples: Bool { process.log.contains("non-recoverable error") }
}
