import Hashring
import Kube
import Receivers
import Testing

@testable import HashringController

@Suite("Members of a hashring")
struct MemberTests {
    static let soft = #"[{"hashring":"soft"}]"#

    @Test func `A first file lists all wanted receivers, ready or not, as they cannot start without it`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 3, without: [1, 2], unready: [0: 5])
        #expect(setting.rings == ["soft: a-0 a-1 a-2"])
        #expect(!setting.plan.isSettled)
    }

    @Test func `New receivers join once they are Ready, also after a restart of the controller`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 2)
        setting.publish()
        setting.sets = []
        setting.pods = []
        try setting.add("a", ring: "soft", replicas: 5, without: [4], unready: [3: 1])
        #expect(setting.rings == ["soft: a-0 a-1 a-2"])
        #expect(setting.plan.waiting == [.init(ring: "soft", reason: "NotReady", count: 2)])
        setting.options.joinAfter = .seconds(7200)
        #expect(setting.rings == ["soft: a-0 a-1"])
        #expect(setting.plan.recheckAfter == .seconds(3600))
    }

    @Test func `A hashring that waits for receivers says why the first of their pods is not ready`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 2)
        setting.publish()
        setting.sets = []
        setting.pods = []
        try setting.add("a", ring: "soft", replicas: 4, unready: [2: 5, 3: 5])
        #expect(!setting.plan.notes.contains { $0.reason == "ReceiverNotReady" })
        for number in [3, 2] {
            setting.pods[number].trouble = PodTrouble(
                reason: "CrashLoopBackOff", message: "container receive exited with code \(number)")
        }
        let note = try #require(setting.plan.notes.first { $0.reason == "ReceiverNotReady" })
        #expect(
            note.message == "hashring \"soft\" waits for pod a-2: container receive exited with code 2 (and 1 more)")
        #expect(note.severity == .warning)
    }

    @Test func `Receivers that are scaled down leave at once, ordered by ordinal and not by name`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 11)
        setting.publish()
        #expect(setting.rings == ["soft: \((0..<11).map { "a-\($0)" }.joined(separator: " "))"])
        setting.sets = []
        setting.pods = []
        try setting.add("a", ring: "soft", replicas: 10, extra: [10])
        #expect(setting.rings == ["soft: \((0..<10).map { "a-\($0)" }.joined(separator: " "))"])
    }

    @Test func `Receivers stay while they restart, however long that takes, unless dynamic scaling is allowed`() throws
    {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 3)
        setting.publish()
        setting.pods.removeAll { $0.key.name == "a-1" }
        setting.publish(after: .seconds(86_400))
        #expect(setting.rings == ["soft: a-0 a-1 a-2"])
        // Time counts from when the pod was first missing.
        setting.options.leaveAfter = .seconds(300)
        #expect(setting.rings == ["soft: a-0 a-2"])
    }

    @Test func `With dynamic scaling, receivers leave after a while and are never fewer than the copies`()
        throws
    {
        var setting = Setting(Self.soft)
        setting.options.leaveAfter = .seconds(300)
        setting.options.replicationFactor = 2
        try setting.add("a", ring: "soft", replicas: 4)
        setting.publish()
        setting.pods.removeAll { $0.key.name != "a-0" }
        try setting.addPod("a-1", of: "a", ready: false, since: Setting.noon)
        try setting.addPod("a-2", of: "a", ready: true, since: Setting.noon, terminating: true)
        setting.publish(after: .seconds(299))
        #expect(setting.rings == ["soft: a-0 a-1 a-2 a-3"])
        #expect(setting.plan.recheckAfter == .seconds(1))
        setting.publish(after: .seconds(1))
        #expect(setting.rings.first?.split(separator: " ").count == 3)
        #expect(setting.plan.reasons.contains("HashringHeld"))
    }

    @Test func `Receivers join and leave in steps if a maximum step is set`() throws {
        var setting = Setting(Self.soft)
        setting.options.maximumStep = 2
        try setting.add("a", ring: "soft", replicas: 1)
        setting.publish()
        setting.sets = []
        setting.pods = []
        try setting.add("a", ring: "soft", replicas: 6)
        #expect(setting.rings == ["soft: a-0 a-1 a-2"])
        #expect(setting.plan.recheckAfter == .seconds(30))
        setting.lastChange = setting.now
        #expect(setting.rings == ["soft: a-0"])
    }

    @Test func `Members of two StatefulSets have a fixed order, whichever the watch shows first`() throws {
        var setting = Setting(Self.soft)
        for name in ["zone-c", "zone-a", "zone-b"] { try setting.add(name, ring: "soft", replicas: 2) }
        let expected = ["soft: zone-a-0 zone-a-1 zone-b-0 zone-b-1 zone-c-0 zone-c-1"]
        for _ in 0..<3 {
            #expect(setting.rings == expected)
            setting.sets.append(setting.sets.removeFirst())
            setting.pods.reverse()
        }
    }

    @Test func `Receivers stay when their StatefulSet is deleted, for example to be recreated`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 2)
        setting.publish()
        let pods = setting.pods
        setting.sets = []
        try setting.add(
            "a", ring: "soft", replicas: 2,
            metadata: ["deletionTimestamp": "2026-11-21T12:00:00Z", "finalizers": ["orphan"]])
        setting.pods = pods
        #expect(setting.rings == ["soft: a-0 a-1"])
        setting.sets = []
        setting.pods = []
        #expect(setting.rings == ["soft: a-0 a-1"])
        #expect(setting.plan.reasons == ["NoReceivers"])
    }

    @Test func `The receivers of the base file are used if no StatefulSet is labelled for the hashring`() throws {
        var setting = Setting(
            #"[{"hashring":"fixed","tenants":["a"],"endpoints":["x:1",{"address":"y:1"}]},{"hashring":"soft"}]"#)
        try setting.add("a", ring: "soft", replicas: 1)
        #expect(setting.rings.count == 2)
        #expect(
            setting.plan.text?.hasPrefix(
                #"[{"hashring":"fixed","tenants":["a"],"endpoints":[{"address":"x:1","az":""},{"address":"y:1","az":""}]},"#
            )
                == true)
    }

    @Test
    func `A receiver's zone is its pod's annotation, also while the pod restarts, or its StatefulSet's name`()
        throws
    {
        var setting = Setting(#"[{"hashring":"soft","algorithm":"ketama"}]"#)
        setting.options.usesZones = true
        setting.options.zoneAnnotation = "example.com/zone"
        try setting.add(
            "a", ring: "soft", replicas: 3,
            annotations: [0: ["example.com/zone": "z1"], 1: ["example.com/zone": "z2"]])
        func zones() throws -> [String?] {
            let text = try #require(setting.plan.text)
            return try HashringFile(parsing: text).rings[0].endpoints.map(\.zone)
        }
        #expect(try zones() == ["z1", "z2", "a"])
        setting.publish()
        setting.pods.removeAll { $0.key.name == "a-1" }
        #expect(try zones() == ["z1", "z2", "a"])
        try setting.addPod("a-1", of: "a", ready: true, since: Setting.noon, ["example.com/zone": "z3"])
        #expect(try zones() == ["z1", "z3", "a"])
    }
}
