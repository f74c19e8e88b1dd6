import Hashring
import Kube
import Testing

@testable import HashringController

/// Who is in a ring, and since when.
@Suite struct `The members of a ring` {
    static let soft = #"[{"hashring":"soft"}]"#

    @Test func `of a first file are all that are wanted, ready or not, since they cannot start without it`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 3, without: [1, 2], unready: [0: 5])
        #expect(setting.rings == ["soft: a-0 a-1 a-2"])
        #expect(!setting.plan.isSettled)
    }

    @Test func `are joined by new receivers once they are Ready, whatever has been forgotten by a restart`() throws {
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

    @Test func `that are scaled away leave at once, the highest numbers first, by number and not by name`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 11)
        setting.publish()
        #expect(setting.rings == ["soft: \((0..<11).map { "a-\($0)" }.joined(separator: " "))"])
        setting.sets = []
        setting.pods = []
        try setting.add("a", ring: "soft", replicas: 10, extra: [10])
        #expect(setting.rings == ["soft: \((0..<10).map { "a-\($0)" }.joined(separator: " "))"])
    }

    @Test func `stay while they restart, however long that takes, unless the ring may scale dynamically`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 3)
        setting.publish()
        setting.pods.removeAll { $0.key.name == "a-1" }
        setting.publish(after: .seconds(86_400))
        #expect(setting.rings == ["soft: a-0 a-1 a-2"])
        // Time counts since the pod was first missed.
        setting.options.leaveAfter = .seconds(300)
        #expect(setting.rings == ["soft: a-0 a-2"])
    }

    @Test func `that may scale dynamically leave once they have been away for long enough, and never below the copies`()
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

    @Test func `join and leave in steps where that is asked for`() throws {
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

    @Test func `of two StatefulSets stand in one order, whichever the watch tells first`() throws {
        var setting = Setting(Self.soft)
        for name in ["zone-c", "zone-a", "zone-b"] { try setting.add(name, ring: "soft", replicas: 2) }
        let expected = ["soft: zone-a-0 zone-a-1 zone-b-0 zone-b-1 zone-c-0 zone-c-1"]
        for _ in 0..<3 {
            #expect(setting.rings == expected)
            setting.sets.append(setting.sets.removeFirst())
            setting.pods.reverse()
        }
    }

    @Test func `stay when their StatefulSet goes, be it to be made anew`() throws {
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

    @Test func `are those of the base file where no StatefulSet is labelled for the ring`() throws {
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
    func `take their zone from the pod's annotation, keep it while the pod is away, and else the StatefulSet's name`()
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
