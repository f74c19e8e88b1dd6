import Kube

extension RingContext {
    /// The rules about what an algorithm needs: enough endpoints, and with hashmod no zones.
    func algorithmFindings() -> [Finding] {
        var findings: [Finding] = []
        let count = ring.endpoints.count
        if algorithm != .ketama && algorithm != .hashmod {
            findings.append(
                warning(
                    "algorithm",
                    "\"\(algorithm.rawValue.printable)\" is unknown: receivers would hash by hashmod and say nothing; it should "
                        + "be ketama or hashmod"))
        }
        let effect = isKetama ? "ketama receivers exit" : "every request fails"
        if count == 0 {
            findings.append(error("endpoints", "there is no endpoint: \(effect); add receivers"))
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
                    "hashmod knows no zones: receivers exit; remove az or use ketama"))
        }
        return findings
    }
}
