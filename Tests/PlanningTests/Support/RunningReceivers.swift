import Hashring
import Kube
import Planning
import PlanningInput
import Receivers
import Testing
import TributaryAPI

/// A scene in which plans are applied: StatefulSets get pods, and objects that are no longer planned are removed.
struct RunningReceivers {
    var scene: Scene
    /// The file that each pod has read.
    private(set) var files: [String: String] = [:]
    /// Whether new pods are ready.
    var startsReady = true
    private(set) var unready: Set<String> = []

    init(_ yaml: String...) throws {
        scene = try Scene()
        for text in yaml { try scene.add(text) }
    }

    var plan: Plan { scene.plan() }

    /// The existing pods.
    var pods: [String] {
        let receivers = scene.snapshot.receiverPods.values.flatMap { $0.keys.map(\.name) }
        return (receivers + scene.snapshot.routerPods.keys.map(\.name)).sorted()
    }

    var published: String? { scene.snapshot.published[Scene.key("main-hashrings")]?.text }

    /// The number of replicas of a StatefulSet; nil if it does not exist.
    func replicas(_ set: String) -> Int? { scene.snapshot.receiverSets[Scene.key(set)]?.replicas }

    /// Applies the first `count` objects of the plan. Objects that are no longer planned are removed only with all of
    /// them.
    mutating func apply(first count: Int = .max) throws {
        let plan = plan
        for object in plan.objects.prefix(count) { try take(object) }
        guard count >= plan.objects.count else { return }
        try scene.publish(plan)
        let wanted = Set(plan.objects.map { "\($0.kind) \($0.name)" })
        for (key, set) in scene.snapshot.receiverSets where set.labels["app.kubernetes.io/managed-by"] == "tributary" {
            let isKept = plan.keeps.contains { $0.resource.kind == "StatefulSet" && $0.key == key }
            guard !isKept, !wanted.contains("StatefulSet \(key.name)") else { continue }
            scene.snapshot.take(.receiverSet(key, nil))
            for pod in (scene.snapshot.receiverPods[key] ?? [:]).keys { remove(pod, of: key) }
        }
    }

    /// Applies plans until nothing changes.
    mutating func settle() throws {
        for _ in 0..<20 {
            let before = plan.objects
            try apply()
            if plan.objects == before { return }
        }
        Issue.record("no end to changes")
    }

    private mutating func take(_ object: Object) throws {
        switch object.kind {
        case "ConfigMap": if let file = PublishedHashrings(object) { scene.snapshot.take(.hashrings(object.key, file)) }
        case "StatefulSet":
            scene.snapshot.take(.receiverSet(object.key, ReceiverSet(object)))
            let replicas = object.json["spec", "replicas"]?.int ?? 1
            for pod in scene.snapshot.receiverPods[object.key] ?? [:] where pod.value.ordinal >= replicas {
                remove(pod.key, of: object.key)
            }
            for ordinal in 0..<replicas {
                let name = "\(object.name)-\(ordinal)"
                guard scene.snapshot.receiverPods[object.key]?[Scene.key(name)] == nil else { continue }
                if !startsReady { unready.insert(name) }
                try start(name, of: "StatefulSet", object.name, object.json["spec", "template"])
            }
        case "Deployment" where object.name == "main-receive":
            for name in ["main-receive-x", "main-receive-y"] where scene.snapshot.routerPods[Scene.key(name)] == nil {
                try start(name, of: "ReplicaSet", object.name, object.json["spec", "template"])
            }
        default: break
        }
    }

    private mutating func start(_ name: String, of kind: String, _ owner: String, _ template: JSON?) throws {
        let object = Object(
            .pods, namespace: Scene.namespace, name: name, labels: template?["metadata", "labels"]?.strings ?? [:],
            ownerReferences: [
                OwnerReference(
                    apiVersion: "apps/v1", kind: kind, name: owner, uid: "u", controller: true,
                    blockOwnerDeletion: true)
            ],
            [
                "status": [
                    "conditions": [
                        [
                            "type": "Ready", "status": unready.contains(name) ? "False" : "True",
                            "lastTransitionTime": JSON(scene.snapshot.now.description),
                        ]
                    ]
                ]
            ])
        if let pod = RouterPod(object) {
            scene.snapshot.take(.routerPod(object.key, pod))
        } else {
            try scene.add(object)
        }
        if let published, !unready.contains(name) { files[name] = published }
    }

    private mutating func remove(_ pod: ObjectKey, of set: ObjectKey) {
        scene.snapshot.take(.receiverPod(pod, nil, of: set))
        files[pod.name] = nil
    }

    /// Restarts a receiver's process, which has not been asked for its file since.
    mutating func restart(_ name: String) {
        for (set, pods) in scene.snapshot.receiverPods {
            guard var pod = pods[Scene.key(name)] else { continue }
            pod.process.restarts += 1
            scene.snapshot.take(.receiverPod(pod.key, pod, of: set))
        }
    }

    /// Makes some unready pods ready, or all of them.
    mutating func becomeReady(_ some: Set<String>? = nil) throws {
        let names = unready.intersection(some ?? unready)
        unready.subtract(names)
        for (key, pods) in scene.snapshot.receiverPods {
            for pod in pods.values where names.contains(pod.key.name) {
                let template: JSON = ["metadata": ["labels": JSON(pod.labels)]]
                try start(pod.key.name, of: "StatefulSet", key.name, template)
            }
        }
    }

    /// Makes some pods, or all of them, load the published file and report it.
    mutating func load(_ names: [String]? = nil) {
        for name in names ?? pods {
            files[name] = published
            say(name)
        }
    }

    /// Makes a pod report which file it has loaded.
    mutating func say(_ name: String) {
        guard let text = files[name] else { return }
        let hash = HashringFile.configHash(of: text)
        let key = Scene.key(name)
        if scene.snapshot.loadedHashrings[key]?.hash != hash {
            scene.snapshot.take(.loadedHashring(key, .loaded(hash), at: scene.snapshot.now))
        }
    }

    mutating func pass(_ seconds: Int64) { scene.snapshot.now.seconds += seconds }
}
