import Hashring
import Kube
import Planning
import PlanningInput
import PrometheusConfig
import Receivers
import TestSupport
import TributaryAPI

/// A small cluster that changes at random. There are only a few names, so that objects of different kinds refer to each
/// other.
struct RandomCluster {
    private(set) var snapshot = Snapshot(now: Timestamp(seconds: 1_800_000_000), credentials: .watched)
    private var numbers: SeededNumbers
    /// Whether most custom resources are right, and changes are those of credentials and grants.
    private let isAboutCredentials: Bool

    /// A cluster with one view, so that changes of other objects matter from the start.
    init(seed: UInt64, isAboutCredentials: Bool = false) throws {
        self.isAboutCredentials = isAboutCredentials
        numbers = SeededNumbers(seed: seed)
        snapshot.watchesDelivery = true
        snapshot.entropy = [UInt8](repeating: 7, count: 32)
        let first = isAboutCredentials ? Self.gateways : Array(0..<8) + Self.gateways
        try snapshot.take(Self.view("main", first[Int(seed) % first.count]))
    }

    /// The plan of every custom resource, made without a cache.
    mutating func plans() -> [PlanKey: Plan] {
        var plans: [PlanKey: Plan] = [:]
        for key in snapshot.planKeys {
            let plan = Planner(snapshot).plan(for: key)
            if case .tenant = key {} else { _ = snapshot.note(plan.credentialSources, readBy: key) }
            plans[key] = plan
        }
        return plans
    }

    /// Makes a random change; returns its description and the keys that the snapshot returned.
    mutating func change() throws -> (String, Set<PlanKey>) {
        if isAboutCredentials {
            switch Int.random(in: 0..<40, using: &numbers) {
            case 0: return try changeView()
            case 1..<12: return try changeTenant()
            case 12..<18: return try changeAgent()
            case 18..<26: return changeTenantCredential()
            case 26..<34: return try applyTenant()
            default: return changeNamedSecret()
            }
        }
        return switch Int.random(in: 0..<44, using: &numbers) {
        case 0: try changeView()
        case 1, 2, 3, 20, 21, 22, 23: try changeTenant()
        case 4: try changeAgent()
        case 5: changeReceiverSet()
        case 6, 7: changePod()
        case 8: changeRouter()
        case 9: changeZone()
        case 10: changeWatch()
        case 11, 12: try publish()
        case 13: changeLoadedFile()
        case 14: changeWorkload()
        case 15, 16: changeMonitor()
        case 34, 35: changeRule()
        case 17: changeNamespace()
        case 18: changeCredential()
        case 24, 25: changeTenantCredential()
        case 26, 27: try applyTenant()
        case 28: changeNamedSecret()
        case 29: changePodTrouble()
        case 30: changeReadyPod()
        case 31: take(.kind(pick([.httpRoutes, .grafanaDatasources, .certificates]), isServed: chance(50)))
        case 32, 33: changeGrafana()
        case 36, 37, 38: changeDelivery()
        case 39, 40, 41: changeSeries()
        case 42: changeCompactor()
        case 43: changeConfigParts()
        default: changeDrain()
        }
    }

    private mutating func take(_ change: Change) -> (String, Set<PlanKey>) { ("\(change)", snapshot.take(change)) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &numbers)]
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &numbers) < percent }

    // MARK: - Custom resources

    static let viewSpecs: [JSON] = {
        func thanos(_ hashrings: JSON, _ more: JSON.Members = [:], gateway: JSON = .null) -> JSON {
            var spec = more
            spec["hashrings"] = hashrings
            return JSON.object(["thanos": .object(spec), "gateway": gateway]).droppingNulls
        }
        func adopted(_ name: String, _ more: JSON.Members = [:]) -> JSON {
            var hashring = more
            hashring["name"] = JSON(name)
            hashring["adopt"] = ["selector": ["matchLabels": ["ring": JSON(name)]]]
            return .object(hashring)
        }
        func behindGateway(_ spec: JSON) -> JSON {
            var spec = spec
            spec["gateway"] = [:]
            return spec
        }
        let sharded: JSON.Members = ["soft": true, "shuffleSharding": ["shardSize": 1]]
        let soft: JSON.Members = ["soft": true]
        let byNode: JSON.Members = ["membership": ["zone": ["from": "node"]]]
        let bySlice: JSON.Members = ["membership": ["zone": ["from": "endpointSlice"]]]
        return [
            thanos([adopted("hard"), adopted("soft", soft)], ["query": ["url": "http://query:9090"]]),
            thanos([adopted("hard"), adopted("soft", sharded)], ["annotatePods": true]),
            thanos([adopted("hard", byNode), adopted("soft", soft)]),
            thanos([adopted("hard", bySlice), adopted("soft", sharded)]),
            thanos([["name": "hard", "replicas": 2], ["name": "soft", "replicas": 1, "soft": true]]),
            thanos([["name": "hard", "replicas": 1], adopted("soft", sharded)], ["configMapName": "other"]),
            thanos([adopted("hard")]),
            [
                "prometheus": [
                    "federate": [
                        ["name": "s0", "url": "http://s0", "match": ["up"], "tenantRef": ["name": "t0"]],
                        [
                            "name": "s1", "url": "http://s1", "match": ["up"], "tenantRef": ["name": "t1"],
                            "labels": ["tenant": "abc"],
                        ],
                    ]
                ]
            ],
            behindGateway(
                thanos([["name": "hard", "replicas": 2], adopted("soft", soft)], ["query": ["replicas": 1]])),
            ["prometheus": ["replicas": 2, "serviceMonitorSelector": [:], "probeSelector": [:]]],
            ["prometheus": [:], "gateway": [:]],
            ["prometheus": [:], "rules": ["selector": [:], "namespaceSelector": [:], "evaluationInterval": "2m"]],
            behindGateway(["prometheus": [:], "readProxy": ["mode": "PerTenant"]]),
            behindGateway(["external": ["writeURL": "http://mimir/push", "queryURL": "http://mimir/prometheus"]]),
            thanos([adopted("hard"), adopted("soft", soft)], ["writeURL": "http://router/receive"], gateway: [:]),
            [
                "external": ["writeURL": "http://mimir/push", "queryURL": "http://mimir/prometheus"],
                "grafana": ["api": ["url": "http://grafana", "adminSecretRef": ["name": "secret-0"]]],
            ],
            ["prometheus": [:]],
            ["external": ["writeURL": "http://mimir/push", "queryURL": "http://mimir/prometheus"]],
            ["external": ["writeURL": "http://mimir/push"], "prometheus": [:]],
            [
                "external": ["writeURL": "http://mimir/push", "queryURL": "http://mimir", "tenantHeader": "X-Tenant"],
                "gateway": ["limits": ["requestsPerSecond": 5]],
                "ingress": ["host": "metrics.example.org", "path": "/m"],
            ],
            [
                "prometheus": [:],
                "gateway": [
                    "tls": ["secretName": "secret-1"],
                    "authentication": [
                        "clientCertificates": [
                            "caSecretRef": ["name": "secret-0", "key": "ca.crt"], "tenantFrom": "URI",
                        ]
                    ],
                ],
                "httpRoute": ["host": "metrics.example.org", "parentRefs": [["name": "front"]]],
            ],
            thanos(
                [adopted("hard"), adopted("soft", soft)],
                ["writeURL": "http://receive/push", "query": ["url": "http://query:9090"]]
            ).with("gateway", [:]),
            [
                "external": ["writeURL": "http://mimir/push", "queryURL": "http://mimir/prometheus"],
                "gateway": ["tls": ["secretName": "secret-0"]],
            ],
            ["external": ["writeURL": "http://mimir/push", "tenantHeader": "X-Scope-OrgID"], "gateway": [:]],
            [
                "external": ["writeURL": "http://mimir/push", "queryURL": "http://mimir", "tenantHeader": "X-Tenant"],
                "gateway": [:], "grafana": ["datasources": "GrafanaOperator"],
            ],
        ]
    }()

    /// The places of those with a gateway.
    static let gateways = viewSpecs.indices.filter { viewSpecs[$0]["gateway"] != nil }

    static func view(_ name: String, _ spec: Int) -> Object {
        Object(GlobalView.resource, namespace: "a", name: name, ["spec": viewSpecs[spec]])
    }

    private mutating func changeView() throws -> (String, Set<PlanKey>) {
        let specs = isAboutCredentials ? Self.gateways : Array(Self.viewSpecs.indices)
        let object = Self.view(pick(["main", "main", "side"]), pick(specs))
        guard chance(90) else { return take(.globalView(object.key, nil)) }
        return take(.globalView(object.key, Boxed(try GlobalView(object))))
    }

    private mutating func changeTenant() throws -> (String, Set<PlanKey>) {
        let name = pick(["t0", "t1", "t2", "t3", "t4"])
        let key = ObjectKey(namespace: "a", name: name)
        guard chance(isAboutCredentials ? 95 : 80) else { return take(.tenant(key, nil)) }
        var spec: JSON = [
            "globalViewRef": ["name": JSON(pick(["main", "main", "main", "main", "main", "side", "none"]))]
        ]
        // Half of the tenants have a mistake or share an id; the others are served by every kind of view.
        let isPlain = isAboutCredentials || chance(50)
        let id = isPlain ? nil : pick(["a*", "a*", "a*", "abc", "abc", "b?", nil])
        spec["id"] = id.map { JSON($0) }
        if isAboutCredentials, chance(90) { spec["globalViewRef"] = ["name": "main"] }
        if id?.contains("*") == true || id?.contains("?") == true, chance(60) { spec["matcher"] = "glob" }
        let hashring = isPlain ? nil : pick(["hard", "hard", "hard", "soft", "gone", nil, nil, nil])
        spec["hashring"] = hashring.map { JSON($0) }
        if chance(25) { spec["shuffleShardSize"] = JSON(pick([1, 2, 3, 9])) }
        if chance(20) { spec["limits"] = ["headSeriesLimit": JSON(pick([0, 5]))] }
        if chance(15) { spec["read"] = pick([["alsoSees": ["abc"]], ["allowFrom": [["namespace": "c"]]]]) }
        if chance(10), !isPlain { spec["externalLabels"] = ["region": "eu"] }
        if chance(20) { spec["deletionPolicy"] = "Retain" }
        if chance(20) { spec["gateway"] = ["limits": ["requestsPerSecond": JSON(pick([1, 2]))]] }
        if chance(20) { spec["gateway"] = ["certificateURIs": [JSON(pick(["urn:a", "urn:b"]))]] }
        if chance(70) { spec["agents"] = [["namespace": "b", "name": JSON(pick(["g0", "g1"]))]] }
        if chance(40) {
            spec["rules"] = pick([
                ["selector": [:]], ["selector": ["matchLabels": ["team": "x"]], "namespaces": ["b", "c"]],
                ["selector": [:], "namespaceSelector": ["matchLabels": ["kind": "shop"]]],
            ])
        }
        if chance(25) { spec["offboarding"] = pick([[:], ["readsFor": "1h"]]) }
        if chance(25) {
            spec["credentials"] = pick([
                ["writeSecretRef": ["name": "secret-0", "key": "key"]],
                ["readSecretRef": ["name": "secret-1", "key": "key"], "rotateEvery": "1h"],
            ])
        }
        var object = Object(Tenant.resource, namespace: "a", name: name, ["spec": spec])
        object.json["metadata", "creationTimestamp"] = JSON("2026-01-0\(pick([1, 2, 3]))T00:00:00Z")
        return take(.tenant(key, Boxed(try Tenant(object))))
    }

    private mutating func changeAgent() throws -> (String, Set<PlanKey>) {
        let name = pick(["g0", "g1", "g2"])
        let key = ObjectKey(namespace: "b", name: name)
        guard chance(85) else { return take(.agent(key, nil)) }
        var spec: JSON = [:]
        switch pick([0, 1, 2]) {
        case 0: spec["tenantRef"] = ["name": JSON(pick(["t0", "t1", "t2"])), "namespace": "a"]
        case 1:
            spec["tenantRefs"] = [
                ["name": JSON(pick(["t0", "t1"])), "namespace": "a", "namespaces": ["b"]],
                ["name": JSON(pick(["t2", "t3"])), "namespace": "a", "namespaces": ["c"]],
            ]
        default:
            spec["remoteWrite"] = [
                ["url": "http://central/write", "basicAuth": ["password": ["name": "secret-0", "key": "key"]]]
            ]
        }
        if chance(50) { spec["serviceMonitorSelector"] = pick([[:], ["matchLabels": ["team": "x"]]]) }
        if chance(40) { spec["serviceMonitorNamespaceSelector"] = pick([[:], ["matchLabels": ["kind": "shop"]]]) }
        if chance(40) { spec["probeSelector"] = [:] }
        if chance(20) { spec["additionalScrapeConfigs"] = ["name": "secret-1", "key": "key"] }
        if chance(40) { spec["scrapeInterval"] = JSON(pick(["15s", "1m", "60s"])) }
        if chance(40) { spec["shards"] = JSON(pick([1, 2])) }
        if isAboutCredentials {
            for selector in ["serviceMonitorSelector", "probeSelector", "additionalScrapeConfigs"] {
                spec[selector] = nil
            }
        }
        let object = Object(PrometheusAgent.resource, namespace: "b", name: name, ["spec": spec])
        return take(.agent(key, Boxed(try PrometheusAgent(object))))
    }

    // MARK: - Pods

    private mutating func changePodTrouble() -> (String, Set<PlanKey>) {
        let (namespace, instance, component, program) = pick([
            ("a", "main", "central", "prometheus"), ("a", "t0", "read-proxy", "prom-label-proxy"),
            ("b", "g0", "agent", "prometheus-agent"), ("a", "main", "receive", "thanos-receive"),
        ])
        let group = PodGroup(namespace: namespace, instance: instance, component: component, program: program)
        let trouble = PodTrouble(reason: pick(["CrashLoopBackOff", "Unschedulable"]), message: "why")
        let pod = ObjectKey(namespace: namespace, name: pick(["main-receive-hard-0", "pod-0", "pod-1"]))
        return take(.podTrouble(pod, chance(70) ? trouble : nil, in: group))
    }

    private mutating func changeReadyPod() -> (String, Set<PlanKey>) {
        let pod = ObjectKey(namespace: "a", name: pick(["main-prometheus-0", "main-prometheus-1"]))
        let since = Timestamp(seconds: pick([1_799_000_000, 1_799_000_001]))
        let group = PodGroup.centralPrometheus(of: ObjectKey(namespace: "a", name: "main"))
        return take(.readyPod(pod, since: chance(70) ? since : nil, in: group))
    }

    private mutating func changeCompactor() -> (String, Set<PlanKey>) {
        let pod = ObjectKey(namespace: "a", name: pick(["main-compact-0", "side-compact-0"]))
        return take(
            .compactor(
                pod, pick([nil, .working, .halted]), of: ObjectKey(namespace: "a", name: pick(["main", "side"]))))
    }

    private mutating func changeConfigParts() -> (String, Set<PlanKey>) {
        let agent = ObjectKey(namespace: "b", name: pick(["g0", "g1", "g2"]))
        let secret = ObjectKey(namespace: "b", name: "\(AgentNames.name(of: agent.name))-of-2")
        return take(.configParts(secret, pick([nil, 1, 2]), of: .agent(agent)))
    }

    // MARK: - Grafana

    private mutating func changeGrafana() -> (String, Set<PlanKey>) {
        let view = ObjectKey(namespace: "a", name: pick(["main", "main", "side"]))
        let tenant = pick(["t0", "t1", "t2", "t3"])
        let problem = pick([nil, GrafanaProblem("spec.grafana.members", "GrafanaUserUnknown", "no user")])
        switch pick([0, 1, 2, 3, 4, 5]) {
        case 0, 1: return take(.grafana(view, .organization(tenant: tenant, pick([nil, 2, 3]))))
        case 2: return take(.grafana(view, .problem(tenant: tenant, problem)))
        case 3: return take(.grafana(view, .server(problem)))
        default:
            let owner = OwnerReference(
                apiVersion: GlobalView.resource.apiVersion, kind: "GlobalView", name: view.name, uid: "u",
                controller: true)
            let record = Object(
                .configMaps, namespace: "a", name: "\(view.name)-grafana", ownerReferences: [owner],
                ["data": ["organizations.json": JSON("{\"\(tenant)\":\(pick([1, 2, 4]))}")]])
            return GrafanaRecord(record).map { take(.grafanaRecord($0)) } ?? ("nothing", [])
        }
    }

    // MARK: - Receivers

    private static let sets = ["receive-hard", "receive-soft", "main-receive-hard", "main-receive-soft"]

    private mutating func changeReceiverSet() -> (String, Set<PlanKey>) {
        let name = pick(Self.sets)
        let key = ObjectKey(namespace: "a", name: name)
        guard chance(80) else { return take(.receiverSet(key, nil)) }
        let labels: [String: String] =
            name.hasPrefix("main")
            ? [
                "app.kubernetes.io/managed-by": "tributary", "app.kubernetes.io/instance": "main",
                "app.kubernetes.io/component": "receive", "tributary.dev/hashring": pick(["hard", "soft"]),
            ] : ["ring": pick(["hard", "soft", "other"])]
        let set = Object(
            .statefulSets, namespace: "a", name: name, labels: labels,
            [
                "spec": [
                    "replicas": JSON(pick([0, 1, 2, 3])), "serviceName": JSON(name),
                    "selector": ["matchLabels": ["app": JSON(name)]],
                ]
            ])
        return take(.receiverSet(key, ReceiverSet(set)))
    }

    private mutating func changePod() -> (String, Set<PlanKey>) {
        let set = pick(Self.sets)
        let name = "\(set)-\(pick([0, 1, 2]))"
        let (key, setKey) = (ObjectKey(namespace: "a", name: name), ObjectKey(namespace: "a", name: set))
        guard chance(80) else { return take(.receiverPod(key, nil, of: setKey)) }
        let owner = OwnerReference(apiVersion: "apps/v1", kind: "StatefulSet", name: set, uid: "u", controller: true)
        return take(.receiverPod(key, ReceiverPod(pod(name, [:], owner)), of: setKey))
    }

    private mutating func pod(_ name: String, _ labels: [String: String], _ owner: OwnerReference) -> Object {
        Object(
            .pods, namespace: "a", name: name, labels: labels, ownerReferences: [owner],
            [
                "spec": [
                    "nodeName": JSON(pick(["n0", "n1"])),
                    "volumes": [["name": "h", "configMap": ["name": "main-hashrings"]]],
                ],
                "status": [
                    "podIP": JSON(pick(["10.0.0.1", "10.0.0.2"])),
                    "conditions": [
                        [
                            "type": "Ready", "status": JSON(pick(["True", "True", "False"])),
                            "lastTransitionTime": JSON("2026-01-0\(pick([1, 2]))T00:00:00Z"),
                        ]
                    ],
                ],
            ])
    }

    private mutating func changeRouter() -> (String, Set<PlanKey>) {
        let name = pick(["router-0", "router-1"])
        let key = ObjectKey(namespace: "a", name: name)
        guard chance(70) else { return take(.routerPod(key, nil)) }
        let labels = [
            "app.kubernetes.io/component": "receive-router", "app.kubernetes.io/instance": pick(["main", "side"]),
        ]
        let owner = OwnerReference(apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "u", controller: true)
        return take(.routerPod(key, RouterPod(pod(name, labels, owner))))
    }

    private mutating func changeZone() -> (String, Set<PlanKey>) {
        let zone = pick(["eu-1", "eu-2", nil])
        if chance(50) {
            return take(.nodeZone(zone, node: pick(["n0", "n1"]), label: "topology.kubernetes.io/zone"))
        }
        let set = pick(Self.sets)
        let key = ObjectKey(namespace: "a", name: "\(set)-slice")
        let slice = Object(
            .endpointSlices, namespace: "a", name: key.name, labels: [EndpointZones.serviceLabel: set],
            [
                "endpoints": [
                    [
                        "targetRef": ["kind": "Pod", "name": JSON("\(set)-\(pick([0, 1, 2]))")],
                        "zone": zone.map { JSON($0) } ?? .null,
                    ]
                ]
            ])
        return take(.endpointZones(key, chance(70) ? EndpointZones(slice) : nil, service: set))
    }

    private mutating func changeWatch() -> (String, Set<PlanKey>) {
        let scopes = snapshot.globalViews.keys.reduce(into: snapshot.forbiddenWatches) {
            $0.formUnion(snapshot.scopes(of: $1))
        }
        let sorted = scopes.sorted { "\($0)" < "\($1)" }
        guard !sorted.isEmpty else { return ("nothing", []) }
        return take(.watch(pick(sorted), isForbidden: chance(50)))
    }

    private mutating func changeLoadedFile() -> (String, Set<PlanKey>) {
        let pods = Self.sets.flatMap { set in (0..<3).map { "\(set)-\($0)" } } + ["router-0", "router-1"]
        let hashes = snapshot.published.values.map(\.hash).sorted() + [0, 7]
        let answer: LoadedHashringAnswer =
            switch pick([0, 0, 1, 2]) {
            case 0: .loaded(pick(hashes))
            case 1: .refusing(pick(hashes))
            default: .silent("timed out")
            }
        return take(.loadedHashring(ObjectKey(namespace: "a", name: pick(pods)), answer, at: snapshot.now))
    }

    // MARK: - Gateways

    // MARK: - What Tributary made

    /// Publishes the files of a view's plan and sets its status; now and then someone edits or deletes the file.
    private mutating func publish() throws -> (String, Set<PlanKey>) {
        let keys = snapshot.globalViews.keys.sorted()
        guard !keys.isEmpty else { return ("nothing", []) }
        let key = pick(keys)
        guard var view = snapshot.globalViews[key] else { return ("nothing", []) }
        if chance(20) {
            let name = pick(["main-hashrings", "side-hashrings", "other"])
            let file = ObjectKey(namespace: "a", name: name)
            if chance(50) { return take(.hashrings(file, nil)) }
            let edited = Object(
                .configMaps, namespace: "a", name: name,
                [
                    "metadata": [
                        "managedFields": [["manager": "kubectl", "fieldsV1": ["f:data": ["f:hashrings.json": [:]]]]]
                    ], "data": ["hashrings.json": #"[{"endpoints": ["x:10901"]}]"#],
                ])
            return take(.hashrings(file, PublishedHashrings(edited)))
        }
        let plan = Planner(snapshot).plan(for: .globalView(key))
        var named: Set<PlanKey> = []
        for object in plan.objects {
            if let file = PublishedHashrings(object) { named.formUnion(snapshot.take(.hashrings(object.key, file))) }
            if let file = PublishedLimits(object) { named.formUnion(snapshot.take(.limits(object.key, file))) }
        }
        view.status = try plan.statuses.first?.status.decode()
        named.formUnion(snapshot.take(.globalView(key, Boxed(view))))
        return ("publish \(key)", named)
    }

    private mutating func changeWorkload() -> (String, Set<PlanKey>) {
        let planned = snapshot.planKeys.flatMap { key in
            Planner(snapshot).plan(for: key).objects
                .filter { ["Deployment", "StatefulSet"].contains($0.kind) }.map { (key, $0) }
        }
        guard !planned.isEmpty else { return ("nothing", []) }
        let (owner, object) = pick(planned)
        let resource: Resource = object.kind == "Deployment" ? .deployments : .statefulSets
        var made = object
        made.json["status"] = ["readyReplicas": JSON(pick([0, 1, 2])), "updatedReplicas": 2]
        let workload = chance(80) ? Workload(made) : nil
        return take(.workload(WorkloadKey(resource, object.key), workload, of: owner))
    }

    private mutating func changeDrain() -> (String, Set<PlanKey>) {
        let agent = pick(["g0", "g1", "g2"])
        let answer: DrainAnswer = pick([.sent, .answering, .silent("timed out")])
        return take(
            .drain(
                ObjectKey(namespace: "b", name: "\(agent)-agent-shard-1"), answer,
                of: .agent(ObjectKey(namespace: "b", name: agent))))
    }

    private mutating func changeDelivery() -> (String, Set<PlanKey>) {
        let agent = pick(["g0", "g1", "g2"])
        if chance(20) {
            let job = "podMonitor/\(pick(["a", "b"]))/m\(pick([0, 1, 2]))/0"
            return take(.idleJobs(chance(60) ? [job] : [], of: ObjectKey(namespace: "b", name: agent)))
        }
        var delivery = PodDelivery(pick(PodDelivery.State.allCases), remoteWrite: pick(["a", nil]))
        delivery.behind = pick([0, 30, 600])
        delivery.failed = pick([0, 20])
        delivery.cause = pick([nil, PodDelivery.Cause("HostNotFound", "central: no such host")])
        return take(
            .delivery(
                ObjectKey(namespace: "b", name: "\(agent)-agent-\(pick([0, 1]))"), chance(80) ? delivery : nil,
                of: ObjectKey(namespace: "b", name: agent)))
    }

    private mutating func changeSeries() -> (String, Set<PlanKey>) {
        var finding = SeriesFinding()
        for _ in 0..<pick([0, 1, 2]) {
            finding.tenants[pick(["t0", "t1", "x", "y"])] = pick([
                nil, .receiving(series: 5), .receiving(series: 10),
                .silent(lastSample: Timestamp(seconds: 1_700_000_000)),
            ])
        }
        finding.replaces = chance(20)
        finding.othersAbsentSince = pick([nil, Timestamp(seconds: 1_700_000_000)])
        finding.problem = chance(10) ? "down" : nil
        return take(.series(ObjectKey(namespace: "a", name: pick(["main", "other"])), finding))
    }

    // MARK: - Credentials

    /// The Secret with a tenant's credential: made, edited, malformed or gone.
    private mutating func changeTenantCredential() -> (String, Set<PlanKey>) {
        let tenant = ObjectKey(namespace: "a", name: pick(["t0", "t1", "t2", "t3", "t4"]))
        let purpose: CredentialPurpose = pick([.write, .write, .read])
        guard chance(80) else { return take(.tenantCredential(tenant, purpose, nil)) }
        var credential = TenantCredential(
            token: pick(["token-token-token-1", "TOKEN-token-token-1", "token-token-token-2", "token-token-token-3"]),
            validSince: pick([nil, snapshot.now, snapshot.now.advanced(by: .seconds(-7200))]))
        if chance(30) {
            credential.former = pick(["token-token-token-1", "token-token-token-4"])
            credential.formerValidUntil = snapshot.now.advanced(by: .seconds(pick([-60, 60])))
        }
        if chance(15) {
            credential.token = ""
            credential.problem = "is missing"
        }
        return take(.tenantCredential(tenant, purpose, credential))
    }

    /// Applies a tenant's Secrets, and its status.
    private mutating func applyTenant() throws -> (String, Set<PlanKey>) {
        let keys = snapshot.tenants.keys.sorted()
        guard !keys.isEmpty else { return ("nothing", []) }
        let key = pick(keys)
        guard var tenant = snapshot.tenants[key] else { return ("nothing", []) }
        let plan = Planner(snapshot).plan(for: .tenant(key))
        var named: Set<PlanKey> = []
        for object in plan.objects {
            guard let secret = CredentialSecret(object, needsOwner: false) else { continue }
            named.formUnion(snapshot.take(.tenantCredential(secret.tenant, secret.purpose, secret.credential)))
        }
        tenant.status = try plan.statuses.first?.status.decode()
        if chance(20) {
            tenant.metadata.annotations = ["tributary.dev/rotate": pick(["1", "2"])]
        }
        named.formUnion(snapshot.take(.tenant(key, Boxed(tenant))))
        return ("apply \(key)", named)
    }

    /// A Secret beside the tenants, which they or the view name.
    private mutating func changeNamedSecret() -> (String, Set<PlanKey>) {
        let name = pick(["secret-0", "secret-1"])
        let source = CredentialSource(.secret, ObjectKey(namespace: "a", name: name))
        if chance(20) { return take(.unwatchedCredential(source)) }
        let certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
        let value = pick(["token-token-token-1", "token-token-token-5", "short"])
        let secret = Object(
            .secrets, namespace: "a", name: name,
            [
                "stringData": [
                    pick(["key", "key", "other"]): JSON(value),
                    pick(["ca.crt", "tls.crt", "tls.key"]): JSON(certificate),
                ]
            ])
        return take(.credential(source, chance(80) ? CredentialContent(secret) : nil))
    }

    // MARK: - Monitors

    private mutating func changeMonitor() -> (String, Set<PlanKey>) {
        let kind: MonitorKind = pick([.serviceMonitor, .serviceMonitor, .probe])
        if chance(10) { return take(.monitorKind(kind, isServed: chance(50))) }
        let key = ObjectKey(namespace: pick(["b", "c"]), name: pick(["m0", "m1"]))
        guard chance(80) else { return take(.monitor(kind, key, nil)) }
        let labels: [String: String] = pick([[:], ["team": "x"]])
        let secret: JSON = ["name": "secret-2", "key": "key"]
        let spec: JSON =
            kind == .probe
            ? ["prober": ["url": "prober:9115"], "targets": ["staticConfig": ["static": [JSON(pick(["x", "y"]))]]]]
            : [
                "selector": [:],
                "endpoints": [["port": "web", "bearerTokenSecret": chance(40) ? secret : .null]],
            ]
        let object = Object(
            kind.resource, namespace: key.namespace, name: key.name, labels: labels, ["spec": spec.droppingNulls])
        return take(.monitor(kind, key, ObservedMonitor(object)))
    }

    private mutating func changeRule() -> (String, Set<PlanKey>) {
        if chance(10) { return take(.monitorKind(.prometheusRule, isServed: chance(50))) }
        let key = ObjectKey(namespace: pick(["a", "b", "c"]), name: pick(["m0", "m1"]))
        guard chance(80) else { return take(.monitor(.prometheusRule, key, nil)) }
        let labels: [String: String] = pick([[:], ["team": "x"]])
        let groups: JSON = [["name": "g", "rules": [["record": "r", "expr": JSON(pick(["up", "down", "sum("]))]]]]
        let object = Object(
            MonitorKind.prometheusRule.resource, namespace: key.namespace, name: key.name, labels: labels,
            ["spec": ["groups": groups]])
        return take(.monitor(.prometheusRule, key, ObservedMonitor(object)))
    }

    private mutating func changeNamespace() -> (String, Set<PlanKey>) {
        take(.namespace(pick(["b", "c"]), labels: pick([nil, ["kind": "shop"], ["kind": "other"]])))
    }

    private mutating func changeCredential() -> (String, Set<PlanKey>) {
        let name = pick(["secret-0", "secret-1", "secret-2"])
        let source = CredentialSource(.secret, ObjectKey(namespace: pick(["b", "c"]), name: name))
        if chance(20) { return take(.unwatchedCredential(source)) }
        let secret = Object(
            .secrets, namespace: source.key.namespace, name: name,
            ["data": [pick(["key", "other"]): JSON(Base64.encode(pick(["- job_name: x", "value"]).utf8))]])
        return take(.credential(source, chance(80) ? CredentialContent(secret) : nil))
    }
}

extension JSON {
    /// The object with another member.
    fileprivate func with(_ name: String, _ value: JSON) -> JSON {
        var result = self
        result[name] = value
        return result
    }
}
