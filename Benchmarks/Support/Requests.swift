import Kube
import LocalCluster

/// Counts what the operator asks of a local cluster; the cluster's own log forgets the oldest.
final class Requests: Sendable {
    private struct Counts {
        var applies = 0
        var statuses = 0
        var others: [String: Int] = [:]
    }

    private let counts = Locked(Counts())

    init(of cluster: LocalCluster) {
        let counts = counts
        cluster.faults = { request in
            guard request.userAgent.hasPrefix("tributary/") else { return nil }
            counts.withLock { counts in
                switch (request.verb, request.subresource) {
                case ("watch", _): break
                case ("apply", "status"): counts.statuses += 1
                case ("apply", _): counts.applies += 1
                default: counts.others["\(request.verb) \(request.resource)", default: 0] += 1
                }
            }
            return nil
        }
    }

    var applies: Double { counts.withLock { Double($0.applies) } }
    var statuses: Double { counts.withLock { Double($0.statuses) } }
    var others: Double { counts.withLock { Double($0.others.values.reduce(0, +)) } }
    /// What the others are.
    var kinds: [String: Int] { counts.withLock { $0.others } }

    func reset() { counts.withLock { $0 = Counts() } }
}
