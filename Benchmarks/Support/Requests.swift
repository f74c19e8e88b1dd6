import Kube
import LocalCluster

/// Counts the operator's requests to a local cluster, whose own log drops the oldest.
final class Requests: Sendable {
    private struct Counts {
        var applies = 0
        var statuses = 0
        var others = 0
    }

    private let counts = Locked(Counts())

    init(of cluster: LocalCluster) {
        let counts = counts
        cluster.faults = { request in
            guard request.userAgent.hasPrefix("tributary/") else { return nil }
            // Also of a kind that the server does not serve, which it takes for a plain GET.
            guard request.query["watch"] != "true" else { return nil }
            counts.withLock { counts in
                switch (request.verb, request.subresource) {
                case ("apply", "status"): counts.statuses += 1
                case ("apply", _): counts.applies += 1
                default: counts.others += 1
                }
            }
            return nil
        }
    }

    var applies: Double { counts.withLock { Double($0.applies) } }
    var statuses: Double { counts.withLock { Double($0.statuses) } }
    var others: Double { counts.withLock { Double($0.others) } }

    func reset() { counts.withLock { $0 = Counts() } }
}
