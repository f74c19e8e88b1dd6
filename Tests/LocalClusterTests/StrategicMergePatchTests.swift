import Kube
import Testing
import YAML

@testable import LocalCluster

@Suite("Strategic merge patches of built-in kinds") struct StrategicMergePatchTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var original: String
        var patch: String
        var result: String

        init(_ what: String, _ original: String, _ patch: String, _ result: String) {
            testDescription = what
            self.original = original
            self.patch = patch
            self.result = result
        }
    }

    @Test(arguments: [
        Case(
            "elements are merged by their key", "containers: [{name: a, image: 1}, {name: b, image: 1}]",
            "containers: [{name: b, image: 2}, {name: c}]",
            "containers: [{name: a, image: 1}, {name: b, image: 2}, {name: c}]"),
        Case(
            "new elements come before those that the patch does not name", "containers: [{name: a}, {name: b}]",
            "containers: [{name: c}]", "containers: [{name: c}, {name: a}, {name: b}]"),
        Case(
            "an element is deleted", "volumes: [{name: a}, {name: b}]",
            "volumes: [{name: a, $patch: delete}]", "volumes: [{name: b}]"),
        Case(
            "a list is replaced", "volumes: [{name: a}]", "volumes: [{name: b}, {$patch: replace}]",
            "volumes: [{name: b}]"),
        Case(
            "a map is replaced", "securityContext: {a: 1, b: 1}", "securityContext: {c: 1, $patch: replace}",
            "securityContext: {c: 1}"),
        Case("a map is deleted", "securityContext: {a: 1}", "securityContext: {$patch: delete}", "{}"),
        Case("null takes a member away", "{hostname: a, subdomain: b}", "hostname: null", "subdomain: b"),
        Case(
            "a list without keys is replaced", "tolerations: [{key: a}]", "tolerations: [{key: b}]",
            "tolerations: [{key: b}]"),
        Case(
            "a selector is merged by member", "nodeSelector: {a: '1', b: '1'}", "nodeSelector: {a: null, c: '1'}",
            "nodeSelector: {b: '1', c: '1'}"),
        Case(
            "the order of elements is set", "containers: [{name: a}, {name: b}, {name: s}]",
            "{$setElementOrder/containers: [{name: b}, {name: c}, {name: a}], containers: [{name: c}]}",
            "containers: [{name: b}, {name: c}, {name: a}, {name: s}]"),
        Case(
            "only named keys are kept", "volumes: [{name: a, emptyDir: {}}]",
            "volumes: [{name: a, $retainKeys: [name, secret], secret: {secretName: s}}]",
            "volumes: [{name: a, secret: {secretName: s}}]"),
        Case(
            "directives do not get into new values", "{}", "containers: [{name: a, env: [{name: E, $patch: delete}]}]",
            "containers: [{name: a, env: []}]"),
    ])
    func `A strategic merge patch changes the spec of a pod`(_ test: Case) throws {
        func spec(_ yaml: String) throws -> JSON { ["spec": try #require(try YAML.parse(yaml).first).value] }
        let result = try StrategicMergePatch.apply(spec(test.patch), to: spec(test.original), shape: .pod)
        #expect(try result == spec(test.result))
    }

    @Test func `A strategic merge patch adds finalizers and removes them by name`() throws {
        let original: JSON = ["metadata": ["finalizers": ["a", "b"]]]
        let added = try StrategicMergePatch.apply(
            ["metadata": ["finalizers": ["c", "a"]]], to: original, shape: .plain)
        #expect(added["metadata", "finalizers"] == ["c", "a", "b"])
        let removed = try StrategicMergePatch.apply(
            ["metadata": ["$deleteFromPrimitiveList/finalizers": ["a"]]], to: original, shape: .plain)
        #expect(removed["metadata", "finalizers"] == ["b"])
    }

    @Test func `A strategic merge patch with an element without its key is refused`() {
        #expect(throws: APIStatus.self) {
            try StrategicMergePatch.apply(
                ["spec": ["containers": [["image": "x"]]]], to: ["spec": ["containers": [["name": "a"]]]], shape: .pod)
        }
    }
}
