import Hashring
import Kube
import Receivers
import Testing

@testable import HashringController

/// A namespace with labelled StatefulSets and their pods, for planning.
struct Setting {
    var options: DropInOptions
    var base: HashringFileInputs.Base = .missing
    var published: String?
    var found: String?
    var sets: [LabelledReceiverSet] = []
    var pods: [ReceiverPod] = []
    var unreadySince: [String: Timestamp] = [:]
    var now = Setting.noon
    var lastChange: Timestamp?

    static let noon = Timestamp(seconds: 1_795_262_400)

    init(_ base: String? = nil) {
        options = DropInOptions(baseName: "original", generatedName: "generated", fileName: "hashrings.json")
        options.namespace = "o11y"
        if let base { self.base = .text(base) }
    }

    /// Adds a StatefulSet with pods that have been ready for an hour, except for those given.
    mutating func add(
        _ name: String, ring: String?, replicas: Int, service: String? = nil, without missing: Set<Int> = [],
        unready: [Int: Int] = [:], annotations: [Int: [String: String]] = [:], extra: [Int] = [],
        arguments: [String] = [], metadata: JSON = [:]
    ) throws {
        var object = Object(
            .statefulSets, namespace: "o11y", name: name,
            labels: ring.map { ["controller.receive.thanos.io/hashring": $0] } ?? [:],
            [
                "spec": [
                    "replicas": JSON(replicas), "serviceName": .string(service ?? name),
                    "selector": ["matchLabels": ["app": .string(name)]],
                    "template": ["spec": ["containers": [["name": "receive", "args": JSON(arguments)]]]],
                ]
            ])
        for (key, value) in metadata.object ?? [:] { object.json["metadata", key] = value }
        guard let set = LabelledReceiverSet(object) else { return }
        sets.append(set)
        for number in Array(0..<replicas) + extra where !missing.contains(number) {
            let since = Self.noon.advanced(by: .seconds(-(unready[number] ?? 3600)))
            try addPod("\(name)-\(number)", of: name, ready: unready[number] == nil, since: since, annotations[number])
        }
    }

    mutating func addPod(
        _ name: String, of set: String, ready: Bool, since: Timestamp, _ annotations: [String: String]? = nil,
        terminating: Bool = false
    ) throws {
        var object = Object(
            .pods, namespace: "o11y", name: name, annotations: annotations ?? [:],
            ownerReferences: [
                OwnerReference(apiVersion: "apps/v1", kind: "StatefulSet", name: set, uid: "1", controller: true)
            ],
            [
                "status": [
                    "conditions": [
                        [
                            "type": "Ready", "status": ready ? "True" : "False",
                            "lastTransitionTime": .string(since.description),
                        ]
                    ]
                ]
            ])
        if terminating { object.json["metadata", "deletionTimestamp"] = .string(since.description) }
        pods.append(try #require(ReceiverPod(object)))
    }

    var plan: HashringFilePlan {
        HashringFilePlan(
            HashringFileInputs(
                base: base, published: published ?? found, found: found ?? published, sets: sets, pods: pods,
                unreadySince: unreadySince, now: now, lastChange: lastChange), options)
    }

    /// The members of the planned hashrings in short: `soft: a-0 a-1`.
    var rings: [String] { Self.short(plan.text) }

    static func short(_ text: String?) -> [String] {
        (text.flatMap { try? HashringFile(parsing: $0) }?.rings ?? []).map { ring in
            "\(ring.name): \(ring.endpoints.map { $0.address.prefix { $0 != "." } }.joined(separator: " "))"
        }
    }

    /// Publishes the plan, and lets time pass.
    mutating func publish(after time: Duration = .zero) {
        let plan = plan
        published = plan.text
        found = plan.text
        unreadySince = plan.unreadySince
        now = now.advanced(by: time)
    }
}

extension HashringFilePlan {
    var reasons: [String] { notes.map(\.reason) }
}
