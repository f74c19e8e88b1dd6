import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// A shard that is being removed: it scrapes nothing and is removed once it has sent its write-ahead log.
///
/// The other shards scrape its targets as soon as it stops. Samples that it could not send, because the network was
/// down, are still on its disk; prometheus-operator deletes them with the shard.
struct DrainingShard {
    var number: Int
    /// When it stopped scraping.
    var since: Timestamp
    /// When it is removed at the latest.
    var until: Timestamp
    /// Why its progress is unknown; nil if it is known or has not been asked for yet.
    var silence: String?

    /// How long an agent keeps samples by default: `--storage.agent.retention.max-time`.
    static let longest = "2h"
}

extension DrainingShard {
    /// A warning that the shard's progress is unknown, with what the user can do.
    func notAnswering(_ reason: String, _ about: PlanKey) -> Diagnostic {
        .warning(
            about, nil, "DrainNotAnswering",
            "shard \(number) is being removed and its progress is unknown: \(reason); it is removed at \(until) at the "
                + "latest, with the samples that it has not sent; to remove it now, shorten spec.drainTimeout")
    }
}

extension [DrainingShard] {
    /// The text about the draining shards that is appended to the status message; empty if there are none.
    var message: String {
        guard let until = map(\.until).max() else { return "" }
        let numbers = map { "\($0.number)" }.joined(separator: ", ")
        let silent = filter { $0.silence != nil }.map { "shard \($0.number)" }.joined(separator: ", ")
        let isOne = count == 1
        return "; \(isOne ? "shard" : "shards") \(numbers) \(isOne ? "scrapes" : "scrape") no targets and "
            + "\(isOne ? "is" : "are") removed when all samples are sent, at \(until) at the latest"
            + (silent.isEmpty ? "" : "; no answer from \(silent)")
    }
}

extension PrometheusAgent {
    /// How long a shard that is being removed may keep sending, as written in the specification.
    var drainTimeout: String { spec.drainTimeout ?? DrainingShard.longest }
}
