import Kube
import Planning
import PlanningInput
import Receivers
import Testing
import TributaryAPI
import YAML

/// A snapshot written as a test writes it: objects in YAML, receivers by number.
struct Scene {
    static let namespace = "observability"
    static let start = Timestamp("2026-11-21T09:00:00Z") ?? Timestamp(seconds: 0)

    var snapshot = Snapshot(now: start)
    let cache = JobCache()
    private var objects: [Object] = []

    init(_ yaml: String..., namespace: String = namespace) throws {
        for text in yaml { try add(text, namespace: namespace) }
    }

    /// Adds the objects of a YAML text. Each gets a namespace and a UID if it has none.
    mutating func add(_ yaml: String, namespace: String = namespace) throws {
        for document in try YAML.parse(yaml) { try add(Object(document.value), namespace: namespace) }
    }

    mutating func add(_ object: Object, namespace: String = namespace) throws {
        var object = object
        if object.namespace == nil { object.json["metadata", "namespace"] = .string(namespace) }
        if object.uid == nil { object.json["metadata", "uid"] = .string("uid-of-\(object.kind)-\(object.name)") }
        objects.append(object)
        let isTaken = try snapshot.take(object)
        if !isTaken { Issue.record("a kind that no snapshot has: \(object)") }
    }

    /// Moves the objects into a snapshot with other settings.
    mutating func reset(
        watched: WatchedNamespaces = .all, credentials: Monitoring.CredentialLookup = .complete
    ) throws {
        let now = snapshot.now
        snapshot = Snapshot(now: now, watched: watched, credentials: credentials)
        for object in objects { try snapshot.take(object) }
    }

    /// Adds a StatefulSet of receivers of a hashring and its pods. `ready` pods have been ready for a day, the others
    /// have been unready since `since`.
    mutating func receivers(
        _ hashring: String, set: String? = nil, replicas: Int, ready: Int = 0, pods: Int? = nil,
        unreadySince since: Timestamp? = nil
    ) throws {
        let name = set ?? "receive-\(hashring)"
        try add(
            """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata:
              name: \(name)
              labels: {controller.receive.thanos.io/hashring: \(hashring)}
            spec:
              replicas: \(replicas)
              serviceName: \(name)
              selector: {matchLabels: {app: \(name)}}
            """)
        for ordinal in 0..<(pods ?? ready) {
            let isReady = ordinal < ready
            let changed = isReady ? Self.start.advanced(by: .seconds(-86_400)) : since ?? Self.start
            try add(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: \(name)-\(ordinal)
                  ownerReferences:
                  - {apiVersion: apps/v1, kind: StatefulSet, name: \(name), uid: u, controller: true}
                status:
                  conditions:
                  - {type: Ready, status: "\(isReady ? "True" : "False")", lastTransitionTime: "\(changed)"}
                """)
        }
    }

    /// Removes a StatefulSet of receivers with its pods.
    mutating func removeReceivers(_ hashring: String) {
        let key = Self.key("receive-\(hashring)")
        snapshot.take(.receiverSet(key, nil))
        for pod in (snapshot.receiverPods[key] ?? [:]).keys { snapshot.take(.receiverPod(pod, nil, of: key)) }
    }

    /// Publishes the hashring file of a plan, and sets the view's status to that of the plan.
    mutating func publish(_ plan: Plan, by view: String = "main") throws {
        for object in plan.objects where object.kind == "ConfigMap" {
            snapshot.take(.hashrings(object.key, PublishedHashrings(object)))
            snapshot.take(.limits(object.key, PublishedLimits(object)))
        }
        var global = try #require(snapshot.globalViews[Self.key(view)])
        global.status = try plan.status(of: view).decode()
        snapshot.take(.globalView(global.metadata.key, Boxed(global)))
    }

    static func key(_ name: String) -> ObjectKey { ObjectKey(namespace: namespace, name: name) }

    var planner: Planner { Planner(snapshot, cache: cache) }

    func plan(view name: String = "main") -> Plan { planner.plan(for: .globalView(Self.key(name))) }
    func plan(tenant name: String) -> Plan { planner.plan(for: .tenant(Self.key(name))) }
    func plan(agent name: String) -> Plan { planner.plan(for: .agent(Self.key(name))) }
}

extension Plan {
    func object(_ kind: String, _ name: String) throws -> Object {
        try #require(
            objects.first { $0.kind == kind && $0.name == name },
            "no \(kind) \(name) among \(objects.map { "\($0.kind) \($0.name)" })")
    }

    var names: [String] { objects.map { "\($0.kind) \($0.name)" } }

    func status(of name: String) throws -> JSON {
        try #require(statuses.first { $0.key.name == name }?.status)
    }

    func condition(_ type: String, of name: String) throws -> Condition {
        let conditions = try status(of: name)["conditions"]?.array ?? []
        return try #require(conditions.first { $0["type"]?.string == type }, "no condition \(type)").decode()
    }

    /// The status and the reason of the Ready condition: `True Ready`, `False HashringHeld`.
    func readiness(of name: String) throws -> String {
        let ready = try condition("Ready", of: name)
        return "\(ready.status.rawValue) \(ready.reason)"
    }

    /// Every message with its severity and object.
    var messages: [String] { diagnostics.map(\.description) }

    /// The hashring file of a global view.
    func hashrings(of view: String = "main") throws -> JSON {
        let text = try #require(try object("ConfigMap", "\(view)-hashrings").json["data", "hashrings.json"]?.string)
        return try JSON(parsing: text)
    }

    /// The members of a hashring, by the first part of their addresses.
    func members(of hashring: String) throws -> [String] {
        let file = try hashrings().array ?? []
        let found = try #require(file.first { $0["hashring"]?.string == hashring }, "no hashring \(hashring)")
        return (found["endpoints"]?.array ?? []).compactMap { endpoint in
            (endpoint.string ?? endpoint["address"]?.string).map { String($0.prefix { $0 != "." }) }
        }
    }

    /// The names of the hashrings, in the order of the file.
    func hashringNames() throws -> [String] { try hashrings().array?.compactMap { $0["hashring"]?.string } ?? [] }
}

extension Object {
    /// The arguments of a workload's only container.
    var arguments: [String] {
        let containers = json["spec", "template", "spec", "containers"]?.array ?? []
        return (containers.first?["args"]?.array ?? []).compactMap(\.string)
    }
}
