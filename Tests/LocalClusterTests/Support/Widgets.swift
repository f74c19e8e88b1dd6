import Kube
import TestSupport

/// A custom resource for tests.
enum Widgets {
    static let resource = Resource(group: "test.example.com", version: "v1", kind: "Widget", plural: "widgets")

    static let definition = Object(
        .customResourceDefinitions, name: "widgets.test.example.com",
        [
            "spec": [
                "group": "test.example.com", "scope": "Namespaced",
                "names": [
                    "plural": "widgets", "singular": "widget", "kind": "Widget", "listKind": "WidgetList",
                    "shortNames": ["wd"],
                ],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true,
                        "subresources": [
                            "status": [:],
                            "scale": [
                                "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
                            ],
                        ],
                        "additionalPrinterColumns": [
                            ["name": "Size", "type": "string", "jsonPath": ".spec.size"],
                            [
                                "name": "Ready", "type": "string",
                                "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status",
                            ],
                        ],
                        "schema": [
                            "openAPIV3Schema": [
                                "type": "object", "description": "A widget is a thing for tests.",
                                "properties": [
                                    "spec": [
                                        "type": "object", "required": ["size"],
                                        "properties": [
                                            "size": [
                                                "type": "string", "enum": ["small", "large"],
                                                "description": "How big the widget is.",
                                            ],
                                            "replicas": ["type": "integer", "minimum": 0, "default": 1],
                                            "parts": [
                                                "type": "array", "x-kubernetes-list-type": "map",
                                                "x-kubernetes-list-map-keys": ["name"],
                                                "items": [
                                                    "type": "object", "required": ["name"],
                                                    "properties": [
                                                        "name": ["type": "string"], "weight": ["type": "integer"],
                                                    ],
                                                ],
                                            ],
                                        ],
                                    ],
                                    "status": [
                                        "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                                        "properties": ["replicas": ["type": "integer"]],
                                    ],
                                ],
                            ]
                        ],
                    ]
                ],
            ]
        ])

    /// Installs the definition of widgets.
    static func install(_ workspace: Workspace) async throws {
        _ = try await workspace.client.apply(
            .customResourceDefinitions, definition, fieldManager: "test", force: true)
        try await waitUntil("widgets are served") {
            try await workspace.raw("GET", workspace.path(resource)).code == 200
        }
    }

    static func widget(_ workspace: Workspace, _ name: String, _ spec: JSON = ["size": "small"]) -> Object {
        Object(resource, namespace: workspace.namespace, name: name, ["spec": spec])
    }
}
