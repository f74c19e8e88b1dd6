import Kube
import Testing

@Suite struct `API statuses` {
    @Test func `a status is read from an answer and written again`() throws {
        let json: JSON = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
            "message": "deployments.apps \"x\" not found", "reason": "NotFound",
            "details": ["name": "x", "group": "apps", "kind": "deployments"], "code": 404,
        ]
        let status = try #require(APIStatus(json))
        #expect(status == .notFound(.deployments, "x"))
        #expect(status.json == json)
        #expect(status.isNotFound && !status.isTransient)
        #expect(APIStatus(["kind": "Pod"]) == nil)
        #expect(status.description == "deployments.apps \"x\" not found (NotFound)")
    }

    @Test func `what a server asks to wait is kept`() throws {
        let json: JSON = ["kind": "Status", "apiVersion": "v1", "details": ["retryAfterSeconds": 3], "code": 429]
        #expect(APIStatus(json)?.retryAfter == .seconds(3))
        #expect(APIStatus(json)?.reason == "TooManyRequests")
        #expect(APIStatus.tooManyRequests("later", retryAfter: .seconds(2)).json["details", "retryAfterSeconds"] == 2)
        #expect(APIStatus(httpCode: 503, message: "").isTransient)
    }

    @Test func `an invalid object is answered as the API server answers`() {
        let one = APIStatus.invalid(.deployments, "x", [FieldError(FieldPath("spec.a"), "Required value")])
        #expect(one.message == "Deployment.apps \"x\" is invalid: spec.a: Required value")
        #expect(
            one.details?["causes"] == [
                ["reason": "FieldValueRequired", "message": "Required value", "field": "spec.a"]
            ])
        let two = APIStatus.invalid(
            .pods, "x",
            [FieldError(FieldPath("a"), "Required value"), FieldError(FieldPath("b"), "Duplicate value: 1")])
        #expect(two.message == "Pod \"x\" is invalid: [a: Required value, b: Duplicate value: 1]")
    }

    @Test func `conflicts of field managers are told apart from changed objects`() {
        let conflict = APIStatus.applyConflict([(manager: "\"kubectl\" using v1", field: ".data.a")])
        #expect(conflict.message == "Apply failed with 1 conflict: conflict with \"kubectl\" using v1: .data.a")
        let conflicts = APIStatus.applyConflict([
            (manager: "\"kubectl\" using v1", field: ".data.a"), (manager: "\"kubectl\" using v1", field: ".data.b"),
        ])
        #expect(
            conflicts.message
                == "Apply failed with 2 conflicts: conflicts with \"kubectl\" using v1:\n- .data.a\n- .data.b")
        #expect(APIStatus.modified(.configMaps, "x").isConflict)
        #expect(!APIStatus.alreadyExists(.configMaps, "x").isConflict)
        #expect(APIStatus.expired("too old").isExpired)
    }
}
