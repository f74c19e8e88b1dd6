import Kube
import Testing

@Suite struct `API statuses` {
    @Test func `A status of a response survives a round trip`() throws {
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

    @Test func `The wait that a server asks for is part of the status`() throws {
        let json: JSON = ["kind": "Status", "apiVersion": "v1", "details": ["retryAfterSeconds": 3], "code": 429]
        let status = try #require(APIStatus(json))
        #expect(status.retryAfter == .seconds(3))
        #expect(status.reason == "TooManyRequests")
        #expect(status.json["details", "retryAfterSeconds"] == 3)
        #expect(APIStatus(httpCode: 503, message: "").isTransient)
    }

    @Test(arguments: [JSON.int(.max), .int(.min), -1, 1_000_001, 1e18, "3"])
    func `A wait that is negative or absurdly long is ignored`(seconds: JSON) {
        let status = APIStatus(["kind": "Status", "apiVersion": "v1", "details": ["retryAfterSeconds": seconds]])
        #expect(status != nil && status?.retryAfter == nil)
    }

    @Test func `An invalid object is refused with the API server's message`() {
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

    @Test func `Conflicts of field managers differ from conflicts of resource versions`() {
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
