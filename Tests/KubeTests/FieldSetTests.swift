import Kube
import Testing

@Suite("Field sets") struct FieldSetTests {
    static let fieldsV1: JSON = [
        "f:metadata": ["f:labels": ["f:app": [:]]],
        "f:spec": [
            "f:replicas": [:], "f:selector": [:],
            "f:template": [
                "f:spec": [
                    "f:containers": [
                        "k:{\"name\":\"a\"}": [
                            ".": [:], "f:image": [:], "f:name": [:],
                            "f:ports": [
                                "k:{\"containerPort\":80,\"protocol\":\"TCP\"}": [".": [:], "f:containerPort": [:]]
                            ],
                        ]
                    ]
                ]
            ],
            "f:finalizers": ["v:\"x\"": [:]],
        ],
    ]

    static let object: JSON = [
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": ["name": "d", "labels": ["app": "x", "other": "y"], "uid": "1"],
        "spec": [
            "replicas": 2, "paused": false, "selector": ["matchLabels": ["app": "x"]],
            "template": [
                "spec": [
                    "restartPolicy": "Always",
                    "containers": [
                        ["name": "sidecar", "image": "s"],
                        [
                            "name": "a", "image": "i", "imagePullPolicy": "Always",
                            "ports": [
                                ["containerPort": 80, "protocol": "TCP"], ["containerPort": 81, "protocol": "TCP"],
                            ],
                        ],
                    ],
                ]
            ],
            "finalizers": ["w", "x"],
        ],
        "status": ["replicas": 2],
    ]

    @Test func `A field set is read from managedFields`() throws {
        let set = try FieldSet(json: Self.fieldsV1)
        let spec = try #require(set.children[.field("spec")])
        #expect(!spec.isMember && spec.children[.field("replicas")] == FieldSet(isMember: true))
        #expect(spec.children[.field("finalizers")]?.children[.value("x")]?.isMember == true)
        let pod = try #require(spec.children[.field("template")]?.children[.field("spec")])
        let container = try #require(pod.children[.field("containers")]?.children[.key(["name": "a"])])
        #expect(container.isMember && container.children[.field("image")]?.isMember == true)
        let port = FieldSet.Element.key(["protocol": "TCP", "containerPort": 80])
        #expect(container.children[.field("ports")]?.children[port]?.isMember == true)
    }

    @Test func `A malformed field set is refused`() {
        #expect(
            throws: FieldError(
                FieldPath("fieldsV1").appending("x:y"), "should begin with f:, k:, v: or i:, or be a point")
        ) {
            try FieldSet(json: ["x:y": [:]])
        }
        for name in ["k:{", "k:1", "v:{", "i:x", "i:99999999999999999999", "f", ""] {
            #expect(throws: FieldError.self, "\(name)") { try FieldSet(json: [name: [:]] as JSON) }
        }
    }

    @Test func `The fields that a manager owns are extracted from an object`() throws {
        let owned = try FieldSet(json: Self.fieldsV1).extract(from: Self.object)
        #expect(
            owned == [
                "metadata": ["labels": ["app": "x"]],
                "spec": [
                    "replicas": 2, "selector": ["matchLabels": ["app": "x"]],
                    "template": [
                        "spec": ["containers": [["name": "a", "image": "i", "ports": [["containerPort": 80]]]]]
                    ],
                    "finalizers": ["x"],
                ],
            ])
        #expect(try FieldSet(json: ["f:none": [:]]).extract(from: Self.object) == [:])
        #expect(
            try FieldSet(json: ["f:data": [".": [:], "f:a": [:]]]).extract(from: ["data": ["b": 1]]) == ["data": [:]])
    }

    @Test func `A manager's entry is found by name and subresource`() throws {
        func entry(_ manager: String, _ operation: String, _ field: String, _ subresource: String? = nil) -> JSON {
            let entry: JSON = [
                "manager": .string(manager), "operation": .string(operation), "fieldsType": "FieldsV1",
                "subresource": subresource.map(JSON.string) ?? nil, "fieldsV1": .object(["f:\(field)": [:]]),
            ]
            return entry.droppingNulls
        }
        var json = Self.object
        json["metadata", "managedFields"] = [
            entry("kubectl", "Apply", "a"), entry("tributary", "Update", "b"),
            entry("tributary", "Apply", "c", "status"), entry("tributary", "Apply", "d"),
        ]
        let object = Object(json)
        #expect(object.managedFields(of: "tributary") == (try FieldSet(json: ["f:d": [:]])))
        #expect(object.managedFields(of: "tributary", subresource: "status") == (try FieldSet(json: ["f:c": [:]])))
        #expect(object.managedFields(of: "unknown") == nil)
    }
}
