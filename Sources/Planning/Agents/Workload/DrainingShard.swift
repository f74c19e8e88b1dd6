import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// A shard that is taken away: it scrapes nothing any more, and goes once it has sent what its write-ahead log holds.
///
/// The others scrape its targets from the moment on that it stops. What it could not send, because the link was down, is
/// still on its disk; prometheus-operator deletes that with the shard.
struct DrainingShard {
    var number: Int
    /// Since when it scrapes nothing.
    var since: Timestamp
    /// When it goes whatever it has left.
    var until: Timestamp
    /// Why nobody knows how far it is; nil where it says so, or was not asked yet.
    var silence: String?

    /// What an agent keeps at most by itself: `--storage.agent.retention.max-time`.
    static let longest = "2h"
}

extension AgentMode {
    /// The kind of the workload.
    var resource: Resource {
        switch self {
        case .statefulSet: .statefulSets
        case .deployment: .deployments
        case .daemonSet: .daemonSets
        }
    }
}

extension DrainingShard {
    /// Says that nobody knows how far the shard is, and what a person can do about it.
    func notAnswering(_ reason: String, _ about: PlanKey) -> Diagnostic {
        .warning(
            about, nil, "DrainNotAnswering",
            "shard \(number) is taken away and does not say what it has left to send: \(reason); it goes at \(until) at "
                + "the latest, or at once by a shorter spec.drainTimeout, and loses what it has not sent")
    }
}

extension [DrainingShard] {
    /// What the status says of them, to be put behind what it says of the others; empty where there are none.
    var message: String {
        guard let until = map(\.until).max() else { return "" }
        let numbers = map { "\($0.number)" }.joined(separator: ", ")
        let silent = filter { $0.silence != nil }.map { "shard \($0.number)" }.joined(separator: ", ")
        let isOne = count == 1
        return "; \(isOne ? "shard" : "shards") \(numbers) \(isOne ? "scrapes" : "scrape") nothing any more and "
            + "\(isOne ? "goes" : "go") when everything is sent, at \(until) at the latest"
            + (silent.isEmpty ? "" : "; no answer from \(silent)")
    }
}

extension PrometheusAgent {
    /// How long a shard that is taken away may go on sending, as its user would write it.
    var drainTimeout: String { spec.drainTimeout ?? DrainingShard.longest }
}
