import Hashring
import Kube
import Receivers
import Testing

@Suite("Replicas that membership decides about")
struct ReplicaReaderTests {
    static let noon = Timestamp(seconds: 1_795_262_400)

    private func replicas(
        _ set: ReceiverSet, _ pods: [Object] = [], unreadySince: [String: Timestamp] = [:]
    ) -> [Membership.Replica] {
        ReplicaReader(clusterDomain: "", port: 10901, unreadySince: unreadySince, now: Self.noon)
            .replicas(of: set, pods: pods.compactMap(ReceiverPod.init))
    }

    private func set(_ change: (inout JSON) -> Void = { _ in }) throws -> ReceiverSet {
        try #require(ReceiverSet(HostileObjectTests.set(change)))
    }

    @Test func `Each wanted replica comes first by ordinal, and then each pod that is no longer wanted`() throws {
        let pods = ["receive-11", "receive-1", "receive-9"].map { HostileObjectTests.pod($0) }
        let replicas = replicas(try set(), pods)
        #expect(replicas.map(\.pod) == ["receive-0", "receive-1", "receive-2", "receive-9", "receive-11"])
        #expect(replicas.map(\.isWanted) == [true, true, true, false, false])
        #expect(replicas[1].endpoint.address == "receive-1.receive.o11y.svc:10901")
        #expect(replicas.map { $0.readySince != nil } == [false, true, false, true, true])
    }

    @Test func `A StatefulSet that starts at another ordinal wants the replicas from there on`() throws {
        let set = try set { $0["spec", "ordinals", "start"] = 5 }
        #expect(replicas(set).map(\.pod) == ["receive-5", "receive-6", "receive-7"])
    }

    @Test func `A StatefulSet that is deleted wants no replicas, unless its pods are left running`() throws {
        func deleted(_ finalizers: JSON) throws -> ReceiverSet {
            try set {
                $0["metadata", "deletionTimestamp"] = "2026-11-21T12:00:00Z"
                $0["metadata", "finalizers"] = finalizers
            }
        }
        #expect(replicas(try deleted(["foregroundDeletion"])).isEmpty)
        #expect(replicas(try deleted(["orphan"])).map(\.isWanted) == [true, true, true])
    }

    @Test func `A receiver is unready since its pod says so, else since an earlier decision noted it, else since now`()
        throws
    {
        let ago = Self.noon.advanced(by: .seconds(-60))
        let unready = HostileObjectTests.pod("receive-0") {
            $0["status", "conditions"] = [
                ["type": "Ready", "status": "False", "lastTransitionTime": "2026-11-21T09:20:00Z"]
            ]
        }
        let noted = ["receive-0": ago, "receive-1": ago]
        let replicas = replicas(try set(), [unready], unreadySince: noted)
        #expect(replicas.map(\.unreadySince) == [Timestamp("2026-11-21T09:20:00Z"), ago, Self.noon])
        #expect(replicas.unreadySince["receive-1"] == ago)
        #expect(replicas.unreadySince.count == 3)
    }

    @Test func `A pod that is being deleted is unready since it was asked to stop`() throws {
        let pod = HostileObjectTests.pod("receive-0") {
            $0["metadata", "deletionTimestamp"] = "2026-11-21T09:30:30Z"
            $0["metadata", "deletionGracePeriodSeconds"] = 30
        }
        let replica = try #require(replicas(try set(), [pod]).first)
        #expect(replica.isTerminating && replica.readySince == nil)
        #expect(replica.unreadySince == Timestamp("2026-11-21T09:30:00Z"))
    }
}
