import Kube
import KubeClient
import TestSupport
import Testing

/// Requests that both servers refuse with the same status and words.
@Suite("Refusals of kube-apiserver", .servers) struct RefusalTests {
    static func deployment(_ spec: JSON) -> JSON {
        var object = Object(.deployments, name: "b", ["spec": ["selector": ["matchLabels": ["app": "b"]]]])
        object.json["spec", "template"] = [
            "metadata": ["labels": ["app": "b"]],
            "spec": ["containers": [["name": "main", "image": "example.com/b:1"]]],
        ]
        for (name, value) in spec.object ?? [:] { object.json["spec", name] = value }
        return object.json
    }

    static func statefulSet(_ spec: JSON) -> JSON {
        var json = deployment(spec)
        json["kind"] = "StatefulSet"
        json["spec", "serviceName"] = "b"
        return json
    }

    static func configMap(_ content: JSON) -> JSON {
        var json = Object(.configMaps, name: "b").json
        for (name, value) in content.object ?? [:] { json[name] = value }
        return json
    }

    static let wrongTypes: [Refusal] = [
        Refusal(
            "replicas as text", "POST", .of(.deployments), deployment(["replicas": "3"]), code: 400,
            #"Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"#
        ),
        Refusal(
            "replicas beyond 32 bits", "POST", .of(.deployments), deployment(["replicas": 9_223_372_036_854_775_807]),
            code: 400,
            "json: cannot unmarshal number 9223372036854775807 into Go struct field DeploymentSpec.spec.replicas of type int32"
        ),
        Refusal(
            "ordinals beyond 32 bits", "POST", .of(.statefulSets),
            statefulSet(["ordinals": ["start": 9_223_372_036_854_775_807]]), code: 400,
            "json: cannot unmarshal number 9223372036854775807 into Go struct field StatefulSetOrdinals.spec.ordinals.start of type int32"
        ),
        Refusal(
            "a scale as text", "PUT", .of(.deployments, "a", "scale"),
            ["metadata": ["name": "a"], "spec": ["replicas": "5"]], code: 400,
            #"Scale in version "v1" cannot be handled as a Scale: json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32"#
        ),
        Refusal(
            "a scale beyond 32 bits", "PUT", .of(.deployments, "a", "scale"),
            ["metadata": ["name": "a"], "spec": ["replicas": 3_000_000_000]], code: 400,
            "json: cannot unmarshal number 3000000000 into Go struct field ScaleSpec.spec.replicas of type int32"),
        Refusal(
            "labels that are not text", "POST", .of(.configMaps),
            configMap(["metadata": ["name": "b", "labels": ["x": 1]]]),
            code: 400, "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"),
        Refusal(
            "metadata that is not an object", "POST", .of(.configMaps), configMap(["metadata": "b"]), code: 400,
            "json: cannot unmarshal string into Go struct field ConfigMap.metadata of type v1.ObjectMeta"),
        Refusal(
            "a resource version as number", "PUT", .of(.configMaps, "a"),
            configMap(["metadata": ["name": "a", "resourceVersion": 1]]), code: 400,
            "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.resourceVersion of type string"),
        Refusal(
            "data that is not text", "POST", .of(.configMaps), configMap(["data": ["k": 1]]), code: 400,
            "json: cannot unmarshal number into Go struct field ConfigMap.data of type string"),
        Refusal(
            "a secret that is not base64", "POST", .of(.secrets),
            Object(.secrets, name: "b", ["data": ["k": "not base64"]]).json, code: 400,
            #"Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 3"#),
        Refusal(
            "a selector with numbers", "POST", .of(.services),
            Object(.services, name: "b", ["spec": ["selector": ["app": 1], "ports": [["port": 80]]]]).json, code: 400,
            "json: cannot unmarshal number into Go struct field ServiceSpec.spec.selector of type string"),
        Refusal(
            "a patch to replicas as text", "PATCH", .of(.deployments, "a"), contentType: "application/merge-patch+json",
            ["spec": ["replicas": "3"]], code: 422,
            "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"),
        Refusal(
            "applied replicas as text", "PATCH", .of(.deployments, "b"), query: [("fieldManager", "m")],
            contentType: "application/apply-patch+yaml", deployment(["replicas": "3"]), code: 500,
            "apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string"),
        Refusal(
            "a strategic merge patch to replicas as text", "PATCH", .of(.deployments, "a"),
            contentType: "application/strategic-merge-patch+json", ["spec": ["replicas": "3"]], code: 422,
            "patch: Invalid value:"),
    ]

    @Test(arguments: ServerKind.available, wrongTypes)
    func `A value of the wrong type is refused instead of being read as absent`(
        _ kind: ServerKind, _ refusal: Refusal
    ) async throws {
        try await refusal.check(kind)
    }

    private static func widget(_ content: JSON) -> JSON {
        var json: JSON = [
            "apiVersion": "test.example.com/v1", "kind": "Widget", "metadata": ["name": "x"], "spec": ["size": "small"],
        ]
        for (name, value) in content.object ?? [:] { json[name] = value.isNull ? JSON?.none : value }
        return json
    }

    static let otherObjects: [Refusal] = [
        Refusal(
            "an apiVersion as number", "POST", .of(.configMaps), configMap(["apiVersion": 1]), code: 400,
            "couldn't get version/kind; json parse error: json: cannot unmarshal number into Go struct field .apiVersion of type string"
        ),
        Refusal(
            "a list", "POST", .of(.configMaps), [1], code: 400,
            "couldn't get version/kind; json parse error: json: cannot unmarshal array into Go value of type struct"),
        Refusal(
            "another kind", "POST", .of(.configMaps), configMap(["kind": "Pod"]), code: 400,
            #"Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion"#
        ),
        Refusal(
            "an unknown kind", "POST", .of(.configMaps), configMap(["kind": "Foo"]), code: 400,
            #"Foo in version "v1" cannot be handled as a ConfigMap: no kind "Foo" is registered for version "v1""#),
        Refusal(
            "an unknown version", "POST", .of(.configMaps), configMap(["apiVersion": "v2"]), code: 400,
            #"ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2""#
        ),
        Refusal(
            "the object of a scale", "PUT", .of(.deployments, "a", "scale"), deployment([:]), code: 400,
            #"Deployment in version "v1" cannot be handled as a Scale: converting (v1.Deployment) to (autoscaling.Scale): unknown conversion"#
        ),
        Refusal(
            "a custom resource of another version", "POST", .of(Widgets.resource),
            widget(["apiVersion": "test.example.com/v2"]), code: 400,
            "the API version in the data (test.example.com/v2) does not match the expected API version (test.example.com/v1)"
        ),
        Refusal(
            "a custom resource of another kind", "POST", .of(Widgets.resource), widget(["kind": "Gadget"]), code: 422,
            #"Gadget.test.example.com "x" is invalid: kind: Invalid value: "Gadget": must be Widget"#),
        Refusal(
            "a custom resource without a kind", "POST", .of(Widgets.resource), widget(["kind": nil]), code: 400,
            "the object provided is unrecognized (must be of type Widget): Object 'Kind' is missing in"),
        Refusal(
            "a custom resource with a number as label", "POST", .of(Widgets.resource),
            widget(["metadata": ["name": "x", "labels": ["x": 1]]]), code: 400,
            #"Widget in version "v1" cannot be handled as a Widget: json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string"#
        ),
        Refusal(
            "a custom resource with text as metadata", "POST", .of(Widgets.resource), widget(["metadata": "x"]),
            code: 400,
            "json: cannot unmarshal string into Go value of type v1.ObjectMeta"),
        Refusal(
            "a review of another kind", "POST", .fixed("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"),
            ["apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview", "spec": [:]], code: 400,
            "SubjectAccessReview in version \"v1\" cannot be handled as a SelfSubjectAccessReview"),
        Refusal(
            "a review that does not exist", "POST", .fixed("/apis/authorization.k8s.io/v1/reviews"), [:], code: 404,
            "the server could not find the requested resource"),
        Refusal(
            "a body of another media type", "POST", .of(.configMaps), contentType: "text/plain", configMap([:]),
            code: 415,
            "the body of the request was in an unknown format - accepted media types include: application/json, application/yaml"
        ),
        Refusal(
            "delete options of another kind", "DELETE", .of(.configMaps, "a"), ["apiVersion": "v1", "kind": "Pod"],
            code: 400, ""),
        Refusal(
            "a list as merge patch", "PATCH", .of(.deployments, "a"), contentType: "application/merge-patch+json", [1],
            code: 400,
            "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"),
        Refusal(
            "a list as strategic merge patch", "PATCH", .of(.deployments, "a"),
            contentType: "application/strategic-merge-patch+json", [1], code: 400,
            "json: cannot unmarshal array into Go value of type map[string]interface {}"),
        Refusal(
            "an object as JSON patch", "PATCH", .of(.deployments, "a"), contentType: "application/json-patch+json",
            ["a": 1], code: 400,
            "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp"),
        Refusal(
            "a patch of no type", "PATCH", .of(.deployments, "a"), contentType: "application/json", [:], code: 415, ""),
    ]

    @Test(arguments: ServerKind.available, otherObjects)
    func `A body that does not match the path is refused`(
        _ kind: ServerKind, _ refusal: Refusal
    ) async throws {
        try await refusal.check(kind)
    }

    private static func list(_ description: String, _ query: (String, String)..., code: Int, _ message: String)
        -> Refusal
    {
        Refusal(description, "GET", .of(.configMaps), query: query, code: code, message)
    }

    static let options: [Refusal] = [
        list("a limit as text", ("limit", "x"), code: 400, #"strconv.ParseInt: parsing "x": invalid syntax"#),
        list(
            "a limit beyond 64 bits", ("limit", "9223372036854775808"), code: 400,
            #"strconv.ParseInt: parsing "9223372036854775808": value out of range"#),
        list("a token of another server", ("continue", "x"), code: 400, "continue key is not valid"),
        list(
            "a resource version as text", ("resourceVersion", "x"), code: 400,
            #"resourceVersion: Invalid value: "x": strconv.ParseUint: parsing "x": invalid syntax"#),
        list(
            "a resource version in the future", ("resourceVersion", "9223372036854775807"), code: 504,
            "Too large resource version"),
        list(
            "initial events of a list", ("sendInitialEvents", "true"), code: 422,
            "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list"),
        list(
            "an unknown match", ("resourceVersion", "1"), ("resourceVersionMatch", "Newest"), code: 422,
            #"resourceVersionMatch: Unsupported value: "Newest": supported values: "Exact", "NotOlderThan", """#),
        list(
            "a timeout as text", ("watch", "true"), ("timeoutSeconds", "x"), code: 400,
            #"strconv.ParseInt: parsing "x": invalid syntax"#),
        list(
            "a selector with an open parenthesis", ("labelSelector", "a in (b"), code: 400,
            "unable to parse requirement: found '', expected: ',' or ')'"),
        list(
            "a selector with a comma at its end", ("labelSelector", "a=b,"), code: 400,
            "found '', expected: identifier after ','"),
        list(
            "a selector without an operator", ("labelSelector", "a b"), code: 400,
            "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        list(
            "a selector with an invalid value", ("labelSelector", "a=-"), code: 400,
            #"Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters"#),
        list(
            "a field selector without an operator", ("fieldSelector", "metadata.name"), code: 400,
            "invalid selector: 'metadata.name'; can't understand 'metadata.name'"),
        list(
            "a field selector with two operators", ("fieldSelector", "metadata.name=a=b"), code: 400,
            "invalid field selector: unescaped character in value: 61"),
        Refusal(
            "a table of unknown objects", "GET", .of(.configMaps), query: [("includeObject", "All")],
            accept: "application/json;as=Table;v=v1;g=meta.k8s.io", code: 400,
            #"includeObject: Invalid value: "All": must be 'Metadata', 'Object', 'None', or empty"#),
        Refusal(
            "an object without a namespace", "POST", .ofAll(.configMaps), configMap([:]), code: 405,
            "the server does not allow this method on the requested resource"),
        Refusal(
            "force without apply", "PATCH", .of(.configMaps, "a"), query: [("force", "true")],
            contentType: "application/merge-patch+json", [:], code: 422,
            #"PatchOptions.meta.k8s.io "" is invalid: force: Forbidden: may not be specified for non-apply patch"#),
        Refusal(
            "apply without a manager", "PATCH", .of(.configMaps, "a"), contentType: "application/apply-patch+yaml",
            configMap(["metadata": ["name": "a"]]), code: 422,
            #"PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch"#),
        Refusal(
            "a manager that cannot be printed", "POST", .of(.configMaps), query: [("fieldManager", "a\u{1}")],
            configMap([:]), code: 422, "invalid character U+0001 (at position 1)"),
        Refusal(
            "an unknown dry run", "POST", .of(.configMaps), query: [("dryRun", "Some")], configMap([:]), code: 422,
            #"CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All""#),
        Refusal(
            "an unknown validation of fields", "POST", .of(.configMaps), query: [("fieldValidation", "Some")],
            configMap([:]), code: 422,
            #"fieldValidation: Unsupported value: "Some": supported values: "", "Ignore", "Strict", "Warn""#),
    ]

    @Test(arguments: ServerKind.available, options)
    func `An option that cannot be read is refused`(_ kind: ServerKind, _ refusal: Refusal) async throws {
        try await refusal.check(kind)
    }

    private static func delete(
        _ description: String, query: [(String, String)] = [], _ body: JSON? = nil, code: Int, _ message: String
    ) -> Refusal {
        Refusal(description, "DELETE", .of(.configMaps, "a"), query: query, body, code: code, message)
    }

    static let deletions: [Refusal] = [
        delete(
            "a precondition of the wrong type", ["preconditions": ["uid": 5]], code: 400,
            "json: cannot unmarshal number into Go struct field Preconditions.preconditions.uid of type types.UID"),
        delete(
            "a dry run as text", ["dryRun": "All"], code: 400,
            "json: cannot unmarshal string into Go struct field DeleteOptions.dryRun of type []string"),
        delete(
            "an unknown dry run", query: [("dryRun", "Some")], code: 422,
            #"dryRun: Unsupported value: ["Some"]: supported values: "All""#),
        delete(
            "an unknown propagation", query: [("propagationPolicy", "Some")], code: 422,
            #"propagationPolicy: Unsupported value: "Some": supported values: "Foreground", "Background", "Orphan", "nil""#
        ),
        delete(
            "two propagations", ["propagationPolicy": "Orphan", "orphanDependents": true], code: 422,
            #"propagationPolicy: Invalid value: "Orphan": orphanDependents and deletionPropagation cannot be both set"#),
        Refusal(
            "all namespaces", "DELETE", .ofAll(.configMaps), code: 405,
            "the server does not allow this method on the requested resource"),
        Refusal(
            "every namespace", "DELETE", .ofAll(.namespaces), code: 405,
            "the server does not allow this method on the requested resource"),
    ]

    @Test(arguments: ServerKind.available, deletions)
    func `A deletion with invalid options deletes nothing`(_ kind: ServerKind, _ refusal: Refusal) async throws {
        try await refusal.check(kind)
    }
}
