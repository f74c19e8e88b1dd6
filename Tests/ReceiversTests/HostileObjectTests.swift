import Kube
import Receivers
import Testing

@Suite("StatefulSets and pods that no API server would serve")
struct HostileObjectTests {
    static let values: [JSON] = [
        .null, true, "", "3", "a", [], [1], [:], ["a": 1], 0, 1, -1, 5000, 5001, .int(Int64(Int32.max)),
        .int(Int64(Int32.max) + 1), .int(.max), .int(.max - 1), .int(.min), .int(.min + 1), .double(1e300),
        .double(-.infinity), .double(.nan), .double(2.5),
    ]

    static func set(_ change: (inout JSON) -> Void = { _ in }) -> Object {
        var object = Object(
            .statefulSets, namespace: "o11y", name: "receive",
            [
                "spec": [
                    "replicas": 3, "serviceName": "receive", "selector": ["matchLabels": ["app": "receive"]],
                    "ordinals": ["start": 0],
                ]
            ])
        change(&object.json)
        return object
    }

    static func pod(_ name: String, of set: String = "receive", _ change: (inout JSON) -> Void = { _ in }) -> Object {
        var object = Object(
            .pods, namespace: "o11y", name: name,
            ownerReferences: [
                OwnerReference(apiVersion: "apps/v1", kind: "StatefulSet", name: set, uid: "1", controller: true)
            ],
            [
                "status": [
                    "podIP": "10.0.0.1", "containerStatuses": [["restartCount": 1], ["restartCount": 2]],
                    "conditions": [
                        ["type": "Ready", "status": "True", "lastTransitionTime": "2026-11-21T09:20:00Z"]
                    ],
                ]
            ])
        object.json["metadata", "creationTimestamp"] = "2026-11-21T09:00:00Z"
        change(&object.json)
        return object
    }

    @Test(arguments: values)
    func `No value in a StatefulSet ends the program or makes it larger than a hashring may be`(value: JSON) {
        let paths = [
            ["replicas"], ["ordinals"], ["ordinals", "start"], ["serviceName"], ["selector"],
            ["selector", "matchLabels"], ["selector", "matchExpressions"],
        ]
        for path in paths {
            for other in paths {
                let object = Self.set {
                    $0[path: ["spec"] + path] = value
                    $0[path: ["spec"] + other] = value
                }
                guard let set = ReceiverSet(object) else { continue }
                #expect(set.ordinals.count == set.replicas)
                #expect(set.replicas <= ReceiverSet.mostReplicas)
            }
        }
    }

    @Test(arguments: values)
    func `No value in a pod ends the program`(value: JSON) {
        let paths = [
            ["metadata", "deletionTimestamp"], ["metadata", "deletionGracePeriodSeconds"],
            ["metadata", "creationTimestamp"], ["status"], ["status", "conditions"], ["status", "containerStatuses"],
            ["status", "podIP"], ["spec"], ["spec", "nodeName"], ["spec", "volumes"],
        ]
        for path in paths {
            for deletion in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
                let object = Self.pod("receive-0") {
                    $0["metadata", "deletionTimestamp"] = .string(deletion)
                    $0[path: path] = value
                }
                #expect(ReceiverPod(object)?.ordinal == 0)
            }
        }
    }

    @Test(arguments: [
        "receive-", "receive--1", "receive-+1", "receive-01", "receive-0x1", "receive-1.5", "receive-1e3",
        "receive-2147483648", "receive-9223372036854775807", "receive-9223372036854775808", "receive-٣", "receive-²",
        "receive", "other-1",
    ])
    func `A pod whose name does not end in an ordinal of its StatefulSet is not a receiver`(name: String) {
        #expect(ReceiverPod(Self.pod(name)) == nil)
    }

    @Test func `A StatefulSet whose selector is absent, empty or cannot be read selects no pod`() {
        for selector: JSON in [
            .null, [:], "app=receive", ["matchLabels": ["app": 1]], ["matchLabels": [:]], ["matchExpressions": []],
            ["matchExpressions": [["key": "app", "operator": "Is", "values": ["receive"]]]],
        ] {
            let set = ReceiverSet(Self.set { $0["spec", "selector"] = selector })
            for labels in [[:], ["app": "receive"], ["tributary.dev/none": ""]] {
                #expect(set?.podSelector.matches(labels) == false, "\(selector)")
            }
            #expect(set?.podSelector.queryValue == "tributary.dev/none,!tributary.dev/none")
        }
        #expect(ReceiverSet(Self.set { $0["spec", "selector"] = nil })?.podSelector.matches([:]) == false)
        let expression: JSON = [["key": "app", "operator": "Exists"]]
        let readable = ReceiverSet(Self.set { $0["spec", "selector"] = ["matchExpressions": expression] })
        #expect(readable?.podSelector.queryValue == "app")
    }

    @Test func `A StatefulSet whose replicas cannot be read is refused, as its receivers would seem unwanted`() {
        for replicas: JSON in ["3", true, [3], 2.5, -1] {
            #expect(ReceiverSet(Self.set { $0["spec", "replicas"] = replicas }) == nil, "\(replicas)")
        }
        #expect(ReceiverSet(Self.set { $0["spec", "replicas"] = nil })?.replicas == 1)
    }
}
