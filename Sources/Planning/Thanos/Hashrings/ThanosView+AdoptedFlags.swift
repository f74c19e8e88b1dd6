import Kube
import PlanningInput
import PrometheusConfig
import Receivers
import TributaryAPI

extension ThanosView {
    /// The warnings about arguments of adopted receivers that do not fit the view.
    var adoptedFlagFindings: [Diagnostic] {
        var findings: [Diagnostic] = []
        for (index, hashring) in (spec.hashrings ?? []).enumerated() where hashring.adopt != nil {
            for set in HashringMembers(hashring, of: self).sets {
                guard let flags = set.flags else { continue }
                let found = flags.differences(from: expectation(of: set, hashring)) + refresh(flags)
                findings += found.map { difference in
                    .warning(
                        about, "spec.thanos.hashrings[\(index)].adopt", "ReceiverArguments",
                        "StatefulSet \(set.key): --\(difference.flag) \(difference.message)")
                }
            }
        }
        return findings
    }

    private func expectation(of set: ReceiverSet, _ hashring: HashringSpec) -> ReceiverFlags.Expectation {
        var expected = ReceiverFlags.Expectation()
        expected.replicationFactor = (spec.effectiveReplicationFactor, "spec.thanos.replicationFactor")
        expected.replicationProtocol = (replicationProtocol, "spec.thanos.replicationProtocol")
        expected.tenantHeader = tenancy.header
        expected.tenantLabel = (tenancy.label, "spec.tenantLabel")
        expected.address = ReceiverAddress.of(
            "\(set.key.name)-\(set.firstOrdinal)", hashring.serviceHost(of: set), hashring.effectivePort)
        if set.key.namespace == namespace {
            expected.configMap = (resource.hashringConfigMapName, PublishedHashrings.fileName)
        }
        return expected
    }

    /// Whether receivers look for a new file less often than the view says. The kubelet's updates of a volume are seen by
    /// looking alone.
    private func refresh(_ flags: ReceiverFlags) -> [ReceiverFlags.Difference] {
        let flag = "receive.hashrings-file-refresh-interval"
        guard flags.has("receive.hashrings-file"), !flags.has(flag) || flags.known(flag) != nil,
            let found = PrometheusDuration(flags.known(flag) ?? "5m"),
            let wanted = PrometheusDuration(spec.effectiveRefreshInterval), found > wanted
        else { return [] }
        let shown = flags.known(flag) ?? "not set, which means 5m"
        return [
            ReceiverFlags.Difference(
                flag: flag,
                message: "is \(shown), so a new hashring file is used up to that much later; should be "
                    + "\(spec.effectiveRefreshInterval), as spec.thanos.refreshInterval")
        ]
    }
}
