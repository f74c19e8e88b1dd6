import Kube
import KubeClient
import TestSupport
import Testing

extension RefusalTests {
    static let rules: [Refusal] = [
        Refusal(
            "negative replicas", "POST", .of(.statefulSets), statefulSet(["replicas": -1]), code: 422,
            "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        Refusal(
            "negative ordinals", "POST", .of(.statefulSets), statefulSet(["ordinals": ["start": -1]]), code: 422,
            "spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0"),
        Refusal(
            "a negative partition", "POST", .of(.statefulSets),
            statefulSet(["updateStrategy": ["rollingUpdate": ["partition": -1]]]), code: 422,
            "spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0"),
        Refusal(
            "an unknown pod management policy", "POST", .of(.statefulSets),
            statefulSet(["podManagementPolicy": "Serial"]), code: 422,
            #"spec.podManagementPolicy: Invalid value: "Serial": must be 'OrderedReady' or 'Parallel'"#),
        Refusal(
            "an unknown update strategy", "POST", .of(.statefulSets),
            statefulSet(["updateStrategy": ["type": "Never"]]),
            code: 422, "must be 'RollingUpdate' or 'OnDelete'"),
        Refusal(
            "an unknown selector operator", "POST", .of(.deployments),
            deployment([
                "selector": ["matchLabels": ["app": "b"], "matchExpressions": [["key": "app", "operator": "Like"]]]
            ]), code: 422,
            #"spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator"#),
        Refusal(
            "a requirement without values", "POST", .of(.networkPolicies),
            Object(
                .networkPolicies, name: "b",
                ["spec": ["podSelector": ["matchExpressions": [["key": "app", "operator": "In"]]]]]
            ).json, code: 422,
            "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"
        ),
        Refusal(
            "a peer without a selector", "POST", .of(.networkPolicies),
            Object(.networkPolicies, name: "b", ["spec": ["podSelector": [:], "ingress": [["from": [[:]]]]]]).json,
            code: 422, "spec.ingress[0].from[0]: Required value: must specify a peer"),
        Refusal(
            "a selector that selects every pod", "POST", .of(.deployments), deployment(["selector": [:]]), code: 422,
            "spec.selector: Invalid value: {}: empty selector is invalid for deployment"),
        Refusal(
            "a port beyond 65535", "POST", .of(.services),
            Object(.services, name: "b", ["spec": ["ports": [["port": 65536]]]]).json, code: 422,
            "spec.ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive"),
        Refusal(
            "an unknown type of Service", "POST", .of(.services),
            Object(.services, name: "b", ["spec": ["type": "Public", "ports": [["port": 80]]]]).json, code: 422,
            #"spec.type: Unsupported value: "Public": supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort""#
        ),
        Refusal(
            "a key that no file can have", "POST", .of(.configMaps), configMap(["data": ["a b": ""]]), code: 422,
            #"Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.'"#),
        Refusal(
            "an unknown subject", "POST", .of(.roleBindings),
            Object(
                .roleBindings, name: "b",
                [
                    "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "r"],
                    "subjects": [["kind": "Robot", "name": "x"]],
                ]
            ).json, code: 422,
            #"subjects[0].kind: Unsupported value: "Robot": supported values: "ServiceAccount", "User", "Group""#),
    ]

    @Test(arguments: ServerKind.available, rules)
    func `An object that breaks a rule of its kind is refused`(_ kind: ServerKind, _ refusal: Refusal) async throws {
        try await refusal.check(kind)
    }

    private static func definition(_ description: String, _ path: [String], _ value: JSON?, _ message: String)
        -> Refusal
    {
        var object = Widgets.definition
        object.json["metadata", "name"] = "others.test.example.com"
        object.json["spec", "names"] = [
            "plural": "others", "singular": "other", "kind": "Other", "listKind": "OtherList",
        ]
        if path.first == "versions" {
            var version = object.json["spec", "versions"]?[0] ?? [:]
            version[path: Array(path.dropFirst())] = value
            object.json["spec", "versions"] = [version]
        } else {
            object.json[path: ["spec"] + path] = value
        }
        return Refusal(description, "POST", .ofAll(.customResourceDefinitions), object.json, code: 422, message)
    }

    static let definitions: [Refusal] = [
        definition(
            "an unknown scope", ["scope"], "Galaxy",
            #"spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced""#),
        definition("no scope", ["scope"], nil, "spec.scope: Required value"),
        definition(
            "a scale without a path", ["versions", "subresources", "scale", "specReplicasPath"], nil,
            "subresources.scale.specReplicasPath: Required value"),
        definition(
            "a scale beside the spec", ["versions", "subresources", "scale", "specReplicasPath"], ".metadata.name",
            #"subresources.scale.specReplicasPath: Invalid value: ".metadata.name": should be a json path under .spec"#),
        definition(
            "a column without a type", ["versions", "additionalPrinterColumns"],
            [["name": "Size", "jsonPath": ".spec.size"]],
            "additionalPrinterColumns[0].type: Required value"),
        definition(
            "an invalid plural name", ["names", "plural"], "Others",
            #"spec.names.plural: Invalid value: "Others": a DNS-1035 label must consist of lower case"#),
    ]

    @Test(arguments: ServerKind.available, definitions)
    func `A definition that cannot be served is refused`(_ kind: ServerKind, _ refusal: Refusal) async throws {
        try await refusal.check(kind)
    }
}
