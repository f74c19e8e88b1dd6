import Kube
import Testing

@Suite struct `Field sets` {
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

    @Test func `What managedFields says is read and written again`() throws {
        let set = try FieldSet(json: Self.fieldsV1)
        #expect(set.json == Self.fieldsV1)
        #expect(FieldSet(set.paths) == set)
        #expect(set.contains([.field("spec"), .field("replicas")]))
        #expect(!set.contains([.field("spec")]))
        #expect(
            set.contains([
                .field("spec"), .field("template"), .field("spec"), .field("containers"), .key(["name": "a"]),
            ]))
        #expect(
            throws: FieldError(
                FieldPath("fieldsV1").appending("x:y"), "should begin with f:, k:, v: or i:, or be a point")
        ) {
            try FieldSet(json: ["x:y": [:]])
        }
        #expect(throws: FieldError.self) { try FieldSet(json: ["k:{": [:]]) }
        #expect(throws: FieldError.self) { try FieldSet(json: ["i:x": [:]]) }
    }

    @Test func `What a manager owns of an object is taken out of it`() throws {
        let owned = try FieldSet(json: Self.fieldsV1).extract(from: Self.object)
        #expect(
            owned == [
                "metadata": ["labels": ["app": "x"]],
                "spec": [
                    "replicas": 2, "selector": ["matchLabels": ["app": "x"]],
                    "template": [
                        "spec": [
                            "containers": [
                                [
                                    "name": "a", "image": "i", "ports": [["containerPort": 80, "protocol": "TCP"]],
                                ]
                            ]
                        ]
                    ],
                    "finalizers": ["x"],
                ],
            ])
        let ports = ["spec", "template", "spec", "containers"]
        let withoutKeys = try FieldSet(json: Self.fieldsV1).extract(from: Self.object, keepsKeys: false)
        #expect(withoutKeys[path: ports] == [["name": "a", "image": "i", "ports": [["containerPort": 80]]]])
        #expect(try FieldSet(json: ["f:none": [:]]).extract(from: Self.object) == [:])
        #expect(
            try FieldSet(json: ["f:data": [".": [:], "f:a": [:]]]).extract(from: ["data": ["b": 1]]) == ["data": [:]])
    }

    @Test func `The entry of a manager in managedFields is found by name and subresource`() throws {
        var json = Self.object
        func entry(_ manager: String, _ operation: String, _ fields: JSON, _ subresource: String = "") throws -> JSON {
            ManagedFieldsEntry(
                manager: manager, operation: operation, apiVersion: "apps/v1", subresource: subresource,
                fields: try FieldSet(json: fields)
            ).json
        }
        json["metadata", "managedFields"] = .array([
            try entry("kubectl", "Apply", ["f:a": [:]]), try entry("tributary", "Update", ["f:b": [:]]),
            try entry("tributary", "Apply", ["f:c": [:]], "status"), try entry("tributary", "Apply", ["f:d": [:]]),
        ])
        let object = Object(json)
        #expect(object.managedFields(of: "tributary")?.json == ["f:d": [:]])
        #expect(object.managedFields(of: "tributary", subresource: "status")?.json == ["f:c": [:]])
        #expect(object.managedFields(of: "nobody") == nil)
        #expect(object.managedFields.map(\.manager) == ["kubectl", "tributary", "tributary", "tributary"])
    }

    @Test func `Field sets are united, cut and taken from each other`() throws {
        let a = try FieldSet(json: ["f:x": [".": [:], "f:y": [:]], "f:z": [:]])
        let b = try FieldSet(json: ["f:x": [:], "f:w": [:]])
        #expect(a.union(b).json == ["f:x": [".": [:], "f:y": [:]], "f:z": [:], "f:w": [:]])
        #expect(a.intersection(b).json == ["f:x": [:]])
        #expect(a.difference(b).json == ["f:x": ["f:y": [:]], "f:z": [:]])
        #expect(a.recursiveDifference(b).json == ["f:z": [:]])
        #expect(a.difference(a).isEmpty)
        #expect(a.leaves.json == ["f:x": ["f:y": [:]], "f:z": [:]])
        var c = a
        c.removeAll(at: [.field("x")])
        #expect(c.json == ["f:z": [:]])
        let keys = FieldSet([[.key(["a": 1, "b": 2])]])
        #expect(keys.contains([.key(["b": 2, "a": 1])]))
        #expect(keys.json == ["k:{\"a\":1,\"b\":2}": [:]])
        #expect(
            FieldSet.text(of: [.field("spec"), .key(["name": "a"]), .value("v"), .index(1)])
                == ".spec[name=\"a\"][=\"v\"][1]")
    }

    @Test func `The fields that say which object something is belong to no manager`() {
        let set = FieldSet(of: [
            "apiVersion": "v1", "kind": "K", "metadata": ["name": "n", "labels": ["a": "b"]], "data": ["x": "y"],
        ])
        #expect(
            set.withoutIdentity.json == [
                "f:metadata": ["f:labels": [".": [:], "f:a": [:]]], "f:data": [".": [:], "f:x": [:]],
            ])
    }

    @Test func `The fields of an applied object follow its schema`() throws {
        let schema = try Schema(json: [
            "type": "object",
            "properties": [
                "atomic": [
                    "type": "object", "x-kubernetes-map-type": "atomic", "properties": ["a": ["type": "string"]],
                ],
                "set": ["type": "array", "x-kubernetes-list-type": "set", "items": ["type": "string"]],
                "list": ["type": "array", "items": ["type": "string"]],
                "map": [
                    "type": "array", "x-kubernetes-list-type": "map",
                    "x-kubernetes-list-map-keys": ["port", "protocol"],
                    "items": [
                        "type": "object",
                        "properties": [
                            "port": ["type": "integer"], "protocol": ["type": "string", "default": "TCP"],
                            "name": ["type": "string"],
                        ],
                    ],
                ],
                "labels": ["type": "object", "additionalProperties": ["type": "string"]],
                "empty": ["type": "object", "properties": ["x": ["type": "string"]]],
            ],
        ])
        let object: JSON = [
            "atomic": ["a": "1"], "set": ["x", "y"], "list": ["x"], "map": [["port": 80, "name": "n"]],
            "labels": ["a": "b"],
            "empty": [:],
        ]
        let set = FieldSet(of: object, schema: schema)
        #expect(
            set.json == [
                "f:atomic": [:], "f:set": ["v:\"x\"": [:], "v:\"y\"": [:]], "f:list": [:],
                "f:map": ["k:{\"port\":80,\"protocol\":\"TCP\"}": [".": [:], "f:port": [:], "f:name": [:]]],
                "f:labels": ["f:a": [:]], "f:empty": [:],
            ])
        #expect(set.removing(from: object) == ["set": [], "map": [["port": 80, "name": "n"]], "labels": [:]])
    }
}
