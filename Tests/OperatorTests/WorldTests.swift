import Kube
import KubeRuntime
import Planning
import PlanningInput
import Testing
import TributaryAPI

@testable import Operator

@Suite struct `What is known of a hashring file` {
    private let world = World()
    private let key = ObjectKey(namespace: "o11y", name: "main-hashrings")

    /// The ConfigMap with a file for one tenant; with our label unless somebody took it away.
    private func file(_ tenant: String, version: Int, uid: String = "u", label: String? = Names.manager) -> OwnedObject
    {
        var object = Object(
            .configMaps, namespace: key.namespace, name: key.name,
            labels: label.map { [Names.managedByLabel: $0] } ?? [:],
            ["data": ["hashrings.json": JSON(#"[{"tenants": ["\#(tenant)"], "endpoints": ["a:10901"]}]"#)]])
        object.json["metadata", "uid"] = JSON(uid)
        object.json["metadata", "resourceVersion"] = JSON("\(version)")
        return OwnedObject(object, manager: FieldManager(Names.manager, managedBy: Names.manager))
    }

    private func show(_ new: OwnedObject?, was old: OwnedObject? = nil) {
        _ = world.take(new, was: old, as: .configMaps, for: key)
    }

    private var text: String? { world.read { $0.published[key]?.text } }

    @Test func `A known hashring file stays as it was written when a watch shows an older one`() {
        _ = world.wrote(file("new", version: 10), for: key)
        show(file("old", version: 9))
        #expect(text?.contains("new") == true)
        show(file("newer", version: 11))
        #expect(text?.contains("newer") == true)
    }

    @Test func `A known hashring file stays as a watch has shown it when an older write is answered late`() {
        let edited = file("edited", version: 11, label: nil)
        show(edited)
        _ = world.wrote(file("written", version: 10), for: key)
        #expect(text?.contains("edited") == true)
        #expect(!world.published.isBehind(edited.applied.version, key))
    }

    @Test func `A known hashring file is behind while a watch has shown a newer one that was not taken in`() {
        _ = world.wrote(file("written", version: 10), for: key)
        #expect(world.published.isBehind(file("edited", version: 11, label: nil).applied.version, key))
        #expect(!world.published.isBehind(file("edited", version: 11, uid: "other", label: nil).applied.version, key))
    }

    @Test func `A known hashring file is forgotten when it is deleted, and the one in its place is another`() {
        let old = file("old", version: 10)
        show(old)
        show(nil, was: old)
        #expect(text == nil)
        show(file("new", version: 3))
        #expect(text?.contains("new") == true)
    }

    @Test func `A file that was written concerns the tenants with shards of their own at once`() throws {
        let hashring: JSON = [
            "name": "default", "soft": true, "adopt": ["selector": ["matchLabels": ["a": "b"]]],
            "shuffleSharding": ["shardSize": 1],
        ]
        let view = Object(
            GlobalView.resource, namespace: "o11y", name: "main", ["spec": ["thanos": ["hashrings": [hashring]]]])
        world.take(.globalView(view.key, Boxed(try GlobalView(view))))
        let tenant = Object(
            Tenant.resource, namespace: "o11y", name: "shop",
            ["spec": ["globalViewRef": ["name": "main"], "shuffleShardSize": 2]])
        world.take(.tenant(tenant.key, Boxed(try Tenant(tenant))))
        #expect(Set(world.wrote(file("new", version: 10), for: key)) == [.globalView(view.key), .tenant(tenant.key)])
        // The watch shows the same, which is no news.
        #expect(world.take(file("new", version: 10), was: nil, as: .configMaps, for: key) == [.globalView(view.key)])
    }
}

@Suite struct `What is known of a tenant's credential` {
    private let world = World()
    private let key = ObjectKey(namespace: "o11y", name: "shop-write-credential")
    private let tenant = ObjectKey(namespace: "o11y", name: "shop")

    init() throws {
        let object = Object(
            Tenant.resource, namespace: "o11y", name: "shop", ["spec": ["globalViewRef": ["name": "main"]]])
        world.take(.tenant(tenant, Boxed(try Tenant(object))))
    }

    private func secret(_ token: String, version: Int, uid: String = "u", owner: String = "Tenant") -> OwnedObject {
        var object = Object(
            .secrets, namespace: key.namespace, name: key.name, labels: [Names.managedByLabel: Names.manager],
            ownerReferences: [
                OwnerReference(
                    apiVersion: Tenant.resource.apiVersion, kind: owner, name: "shop", uid: "t1", controller: true)
            ], ["data": ["token": JSON(Base64.encode(token.utf8))]])
        object.json["metadata", "uid"] = JSON(uid)
        object.json["metadata", "resourceVersion"] = JSON("\(version)")
        return OwnedObject(object, manager: FieldManager(Names.manager, managedBy: Names.manager))
    }

    private var tokens: [String] { world.read { $0.acceptedTokens(.write, of: tenant) } }

    @Test func `A credential counts as it was written before a watch shows it, and concerns its tenant's own plan`() {
        #expect(Set(world.wrote(secret("written-written-1", version: 10), for: key)).contains(.tenant(tenant)))
        #expect(tokens == ["written-written-1"])
        _ = world.take(secret("older-older-older", version: 9), was: nil, as: .secrets, for: key)
        #expect(tokens == ["written-written-1"])
        _ = world.take(secret("newer-newer-newer", version: 11), was: nil, as: .secrets, for: key)
        #expect(tokens == ["newer-newer-newer"])
        _ = world.wrote(secret("answered-too-late", version: 10), for: key)
        #expect(tokens == ["newer-newer-newer"])
    }

    @Test func `A credential is forgotten with its Secret, and the next one is another`() {
        let old = secret("first-first-first", version: 10)
        _ = world.take(old, was: nil, as: .secrets, for: key)
        _ = world.take(nil, was: old, as: .secrets, for: key)
        #expect(tokens == [])
        _ = world.take(secret("other-other-other", version: 3, uid: "v"), was: nil, as: .secrets, for: key)
        #expect(tokens == ["other-other-other"])
    }

    @Test func `A credential is not read from a Secret that the tenant does not own`() {
        _ = world.take(
            secret("somebody-elses-one", version: 10, owner: "GlobalView"), was: nil, as: .secrets, for: key)
        #expect(tokens == [])
    }
}
