import Kube
import Testing

@testable import KubeRuntime

private let manager = FieldManager("tributary", managedBy: "tributary")
private let owner = OwnerReference(
    apiVersion: "tributary.dev/v1alpha1", kind: "Tenant", name: "a", uid: "11111111-2222-4333-8444-555555555555",
    controller: true)

private func config(_ data: [String: String], owner: OwnerReference? = owner) -> Object {
    Object(
        .configMaps, namespace: "default", name: "a", labels: [FieldManager.label: "tributary"],
        ownerReferences: owner.map { [$0] } ?? [], ["data": JSON(data)])
}

private struct Rig {
    let server = FakeAPI()
    let time = ManualTime()
    let applier: Applier
    let key = ObjectKey(namespace: "default", name: "a")

    init(mayWrite: @escaping @Sendable () -> Bool = { true }) {
        applier = Applier(api: server.api, manager: manager, time: time.source, mayWrite: mayWrite)
    }

    /// What a store that is up to date would know.
    var observed: AppliedState? { server.object(.configMaps, key).map { AppliedState($0, as: manager) } }
    var applies: Int { server.calls.count { $0.hasPrefix("apply") } }

    @discardableResult
    func apply(_ object: Object, seeing observed: AppliedState?) async throws -> String {
        switch try await applier.apply(object, as: .configMaps, observed: observed) {
        case .unchanged: "unchanged"
        case .applied: "applied"
        case .awaited: "awaited"
        case .terminating: "terminating"
        }
    }
}

@Suite("The applier") struct ApplierTests {
    @Test func `An object is created once, and not written to while it is up to date`() async throws {
        let rig = Rig()
        #expect(try await rig.apply(config(["a": "1"]), seeing: nil) == "applied")
        for _ in 0..<3 { #expect(try await rig.apply(config(["a": "1"]), seeing: rig.observed) == "unchanged") }
        #expect(rig.server.calls == ["apply configmaps default/a"])
        #expect(try await rig.apply(config(["a": "2"]), seeing: rig.observed) == "applied")
        #expect(rig.server.object(.configMaps, rig.key)?.json["data", "a"] == "2")
    }

    @Test func `A restart of the operator causes no write`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        let restarted = Applier(api: rig.server.api, manager: manager)
        let outcome = try await restarted.apply(config(["a": "1"]), as: .configMaps, observed: rig.observed)
        guard case .unchanged = outcome else {
            Issue.record("found \(outcome), expected unchanged")
            return
        }
        #expect(rig.applies == 1)
    }

    @Test func `A field that is edited or removed is repaired`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        rig.server.edit(.configMaps, rig.key) { $0["data", "a"] = "edited" }
        #expect(try await rig.apply(config(["a": "1"]), seeing: rig.observed) == "applied")
        rig.server.edit(.configMaps, rig.key) { $0["data", "a"] = nil }
        #expect(try await rig.apply(config(["a": "1"]), seeing: rig.observed) == "applied")
        rig.server.edit(.configMaps, rig.key) { $0["metadata", "labels"] = nil }
        #expect(try await rig.apply(config(["a": "1"]), seeing: rig.observed) == "applied")
        #expect(rig.server.object(.configMaps, rig.key)?.json["data", "a"] == "1")
        #expect(rig.server.object(.configMaps, rig.key)?.labels == [FieldManager.label: "tributary"])
    }

    @Test func `Fields and labels of other managers are kept and cause no write`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        rig.server.edit(.configMaps, rig.key) {
            $0["data", "theirs"] = "x"
            $0["metadata", "labels", "team"] = "blue"
            $0["metadata", "annotations"] = ["note": "hi"]
        }
        #expect(try await rig.apply(config(["a": "1"]), seeing: rig.observed) == "unchanged")
        #expect(try await rig.apply(config(["a": "2"]), seeing: rig.observed) == "applied")
        let object = rig.server.object(.configMaps, rig.key)
        #expect(object?.json["data"] == ["a": "2", "theirs": "x"])
        #expect(object?.labels["team"] == "blue")
    }

    @Test func `An applier tells its own write from an edit, when a watch shows them`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        let first = try #require(rig.observed)
        try await rig.apply(config(["a": "2"]), seeing: first)
        let second = try #require(rig.observed)
        #expect(!rig.applier.isOwn(.configMaps, rig.key, first) {})
        #expect(rig.applier.isOwn(.configMaps, rig.key, second) {})
        rig.server.edit(.configMaps, rig.key) { $0["data", "a"] = "edited" }
        #expect(!rig.applier.isOwn(.configMaps, rig.key, try #require(rig.observed)) {})
        #expect(try await rig.apply(config(["a": "2"]), seeing: rig.observed) == "applied")
    }

    @Test func `A field that is no longer wanted is removed`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1", "b": "2"]), seeing: nil)
        #expect(try await rig.apply(config(["a": "1"]), seeing: rig.observed) == "applied")
        #expect(rig.server.object(.configMaps, rig.key)?.json["data"] == ["a": "1"])
        #expect(try await rig.apply(config(["a": "1"]), seeing: rig.observed) == "unchanged")
    }

    @Test func `A server that rewrites values is not written to again and again, and drift is still repaired`()
        async throws
    {
        let rig = Rig()
        rig.server.setNormalize { json in
            if json["data", "cpu"] == "0.5" { json["data", "cpu"] = "500m" }
        }
        let wanted = config(["cpu": "0.5"])
        #expect(try await rig.apply(wanted, seeing: nil) == "applied")
        for _ in 0..<3 { #expect(try await rig.apply(wanted, seeing: rig.observed) == "unchanged") }
        #expect(rig.applies == 1)
        rig.server.edit(.configMaps, rig.key) { $0["data", "cpu"] = "9" }
        #expect(try await rig.apply(wanted, seeing: rig.observed) == "applied")
        #expect(rig.server.object(.configMaps, rig.key)?.json["data", "cpu"] == "500m")
    }

    @Test func `What the server adds to atomic fields, and empty lists, are no difference after a restart`()
        async throws
    {
        let rig = Rig()
        rig.server.setNormalize { json in
            json["data"] = nil
            json["spec"] = [
                "env": ["fieldRef": ["apiVersion": "v1", "fieldPath": "metadata.name"]],
                "volumeClaimTemplates": [
                    [
                        "apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": ["name": "data"],
                        "spec": ["volumeMode": "Filesystem", "accessModes": ["ReadWriteOnce"]],
                        "status": ["phase": "Pending"],
                    ]
                ], "resources": ["requests": ["cpu": "500m", "memory": "1Gi"]],
            ]
        }
        var wanted = config([:])
        wanted.json["spec"] = [
            "env": ["fieldRef": ["fieldPath": "metadata.name"]], "volumes": [],
            "volumeClaimTemplates": [["metadata": ["name": "data"], "spec": ["accessModes": ["ReadWriteOnce"]]]],
            "resources": ["requests": ["cpu": "0.5", "memory": "1024Mi"]],
        ]
        try await rig.apply(wanted, seeing: nil)
        let restarted = Applier(api: rig.server.api, manager: manager)
        _ = try await restarted.apply(wanted, as: .configMaps, observed: rig.observed)
        #expect(rig.applies == 1)
        wanted.json["spec", "resources", "requests", "cpu"] = "0.6"
        _ = try await restarted.apply(wanted, as: .configMaps, observed: rig.observed)
        #expect(rig.applies == 2)
    }

    @Test func `A store that lags behind causes no second write`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        let stale = rig.observed
        try await rig.apply(config(["a": "2"]), seeing: stale)
        #expect(try await rig.apply(config(["a": "2"]), seeing: stale) == "unchanged")
        #expect(rig.applies == 2)
        #expect(try await rig.apply(config(["a": "3"]), seeing: stale) == "applied")
    }

    @Test func `A store that does not know the object yet causes no second write, and later a read`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        #expect(try await rig.apply(config(["a": "1"]), seeing: nil) == "awaited")
        #expect(rig.server.calls == ["apply configmaps default/a"])
        rig.time.advance(by: Applier.patience)
        #expect(try await rig.apply(config(["a": "1"]), seeing: nil) == "unchanged")
        rig.server.remove(.configMaps, rig.key)
        #expect(try await rig.apply(config(["a": "1"]), seeing: nil) == "applied")
    }

    @Test func `An object is replaced only as the caller has seen it`() async throws {
        struct Changed: Error {}
        let rig = Rig()
        let seen = Locked<[String?]>([])
        func apply(_ value: String, over expected: String?) async throws {
            try await rig.applier.apply(config(["a": value]), as: .configMaps, observed: rig.observed) { live in
                let found = live?.json["data", "a"]?.string
                seen.withLock { $0.append(found) }
                if found != expected { throw Changed() }
            }
        }
        try await apply("1", over: nil)
        try await apply("1", over: "anything, since nothing is written")
        rig.server.edit(.configMaps, rig.key) { $0["data", "a"] = "edited" }
        await #expect(throws: Changed.self) { try await apply("2", over: "1") }
        #expect(rig.server.object(.configMaps, rig.key)?.json["data", "a"] == "edited")
        try await apply("2", over: "edited")
        #expect(rig.server.object(.configMaps, rig.key)?.json["data", "a"] == "2")
        #expect(seen.withLock { $0 } == [nil, "edited", "edited"])
        #expect(rig.applies == 2)
    }

    @Test func `An object without our owner or label is not taken over`() async throws {
        let rig = Rig()
        let theirs = Object(.configMaps, namespace: "default", name: "a", ["data": ["a": "theirs"]])
        rig.server.put(.configMaps, theirs)
        let before = rig.server.object(.configMaps, rig.key)
        for _ in 0..<3 {
            await #expect(
                throws: Applier.Conflict(
                    object: "ConfigMap default/a",
                    found: "has neither our owner nor the label app.kubernetes.io/managed-by=tributary")
            ) { try await rig.apply(config(["a": "1"]), seeing: nil) }
        }
        #expect(rig.server.object(.configMaps, rig.key) == before)
        // The first call is refused, since it may only create. Later ones read.
        let read = "get configmaps default/a"
        #expect(rig.server.calls == ["apply configmaps default/a", read, read, read])
        rig.server.remove(.configMaps, rig.key)
        #expect(try await rig.apply(config(["a": "1"]), seeing: nil) == "applied")
    }

    @Test func `An object that somebody creates after it was found missing is not taken over`() async throws {
        let rig = Rig()
        let theirs = Object(.configMaps, namespace: "default", name: "a", ["data": ["a": "theirs"]])
        rig.server.put(.configMaps, theirs)
        await #expect(throws: Applier.Conflict.self) { try await rig.apply(config(["a": "1"]), seeing: nil) }
        rig.server.remove(.configMaps, rig.key)
        rig.server.setFault { call in
            if call.hasPrefix("apply") { rig.server.put(.configMaps, theirs) }
        }
        await #expect(throws: APIStatus.self) { try await rig.apply(config(["a": "1"]), seeing: nil) }
        #expect(rig.server.object(.configMaps, rig.key)?.json["data"] == ["a": "theirs"])
    }

    @Test func `An object of ours that the store does not show is repaired, by its UID`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        // Its label is removed, so a watch by label shows it as deleted.
        rig.server.edit(.configMaps, rig.key) { $0["metadata", "labels"] = nil }
        rig.applier.forget(.configMaps, rig.key)
        #expect(try await rig.apply(config(["a": "1"]), seeing: nil) == "applied")
        #expect(rig.server.object(.configMaps, rig.key)?.labels == [FieldManager.label: "tributary"])
    }

    @Test func `An object whose absence would be a surprise is read before it is created`() async throws {
        struct Missing: Error {}
        let rig = Rig()
        await #expect(throws: Missing.self) {
            try await rig.applier.apply(config(["a": "1"]), as: .configMaps, observed: nil, isNew: false) { live in
                if live == nil { throw Missing() }
            }
        }
        #expect(rig.server.calls == ["get configmaps default/a"])
    }

    @Test func `An object of another owner is not taken over although it has our label`() async throws {
        let rig = Rig()
        var other = owner
        other.name = "b"
        rig.server.put(.configMaps, config(["a": "1"], owner: other))
        await #expect(throws: Applier.Conflict(object: "ConfigMap default/a", found: "belongs to Tenant b")) {
            try await rig.apply(config(["a": "1"]), seeing: rig.observed)
        }
    }

    @Test func `An object of an owner that was recreated is still ours`() async throws {
        let rig = Rig()
        var before = owner
        before.uid = "99999999-2222-4333-8444-555555555555"
        rig.server.put(.configMaps, config(["a": "1"], owner: before))
        #expect(try await rig.apply(config(["a": "1"]), seeing: rig.observed) == "applied")
    }

    @Test func `An object that was replaced since it was seen is not written to`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        let seen = rig.observed
        rig.server.remove(.configMaps, rig.key)
        rig.server.put(.configMaps, Object(.configMaps, namespace: "default", name: "a", ["data": ["a": "theirs"]]))
        await #expect(throws: APIStatus.self) { try await rig.apply(config(["a": "2"]), seeing: seen) }
        #expect(rig.server.object(.configMaps, rig.key)?.json["data"] == ["a": "theirs"])
    }

    @Test func `An object that is being deleted is not written to`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        rig.server.edit(.configMaps, rig.key) { $0["metadata", "deletionTimestamp"] = "2026-01-01T00:00:00Z" }
        #expect(try await rig.apply(config(["a": "2"]), seeing: rig.observed) == "terminating")
        #expect(rig.applies == 1)
    }

    @Test func `A process that does not hold the lease writes and deletes nothing`() async throws {
        let rig = Rig(mayWrite: { false })
        await #expect(throws: Applier.NotLeading.self) { try await rig.apply(config(["a": "1"]), seeing: nil) }
        await #expect(throws: Applier.NotLeading.self) {
            try await rig.applier.deleteOwned(.configMaps, rig.key, uid: UID("x"))
        }
        #expect(rig.server.calls == [])
    }

    @Test func `An object is deleted only if it has the expected UID`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        #expect(try await !rig.applier.deleteOwned(.configMaps, rig.key, uid: UID("another")))
        let uid = try #require(rig.observed?.uid)
        #expect(try await rig.applier.deleteOwned(.configMaps, rig.key, uid: uid))
        #expect(try await !rig.applier.deleteOwned(.configMaps, rig.key, uid: uid))
        #expect(rig.server.object(.configMaps, rig.key) == nil)
    }

    @Test func `A change to fields of another manager does not make a state different`() async throws {
        let rig = Rig()
        try await rig.apply(config(["a": "1"]), seeing: nil)
        let before = try #require(rig.observed)
        rig.server.edit(.configMaps, rig.key) { $0["status"] = ["replicas": 3] }
        let after = try #require(rig.observed)
        #expect(before == after)
        #expect(before.resourceVersion != after.resourceVersion)
        rig.server.edit(.configMaps, rig.key) { $0["data", "a"] = "2" }
        #expect(rig.observed != before)
    }
}
