import Kube

extension HashringContext {
    /// The rules about algorithms: each needs enough endpoints, and hashmod does not support zones.
    func algorithmFindings() -> [Finding] {
        var findings: [Finding] = []
        let count = ring.endpoints.count
        if algorithm != .ketama && algorithm != .hashmod {
            findings.append(
                warning(
                    "algorithm",
                    "\"\(algorithm.rawValue.printable)\" is unknown: receivers silently use hashmod; should "
                        + "be ketama or hashmod"))
        }
        let effect = isKetama ? "ketama receivers exit" : "every request fails"
        if count == 0 {
            findings.append(error("endpoints", "is empty: \(effect); add receivers"))
        } else if count < replicationFactor {
            findings.append(
                error(
                    "endpoints",
                    "\(counted(count, "endpoint")) cannot hold \(replicationFactor) copies of each series: \(effect); "
                        + "add receivers or lower the replication factor"))
        }
        if !isKetama, let place = ring.endpoints.firstIndex(where: { $0.zone != nil }) {
            findings.append(
                finding(
                    .error, path.appending("endpoints").appending(place).appending("az"),
                    "hashmod does not support zones: receivers exit; remove az or use ketama"))
        }
        return findings
    }
}
