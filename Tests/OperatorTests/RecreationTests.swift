import Kube
import Testing

@testable import Operator

@Suite("A StatefulSet whose change is refused") struct RecreationTests {
    private static func set(_ program: String = "prometheus-agent", _ spec: JSON = [:]) -> Object {
        Object(
            .statefulSets, namespace: "a", name: "b", labels: ["app.kubernetes.io/name": program], ["spec": spec])
    }

    /// What kube-apiserver 1.36 answers.
    private static func refusal(_ causes: (field: String, reason: String, message: String)...) -> APIStatus {
        APIStatus(
            code: 422, reason: "Invalid", message: "StatefulSet.apps \"b\" is invalid",
            details: [
                "causes": .array(
                    causes.map {
                        ["field": .string($0.field), "reason": .string($0.reason), "message": .string($0.message)]
                    })
            ])
    }

    private static let immutable = (
        field: "spec", reason: "FieldValueForbidden",
        message: "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
            + "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
            + "'minReadySeconds' are forbidden"
    )

    @Test func `A StatefulSet is recreated only if that can help`() {
        let port = (
            field: "spec.template.spec.containers[0].ports[0].containerPort", reason: "FieldValueInvalid",
            message: "Invalid value: 99999: must be between 1 and 65535, inclusive"
        )
        #expect(Recreation.mayHelp(Self.set(), Self.refusal(Self.immutable)))
        #expect(Recreation.mayHelp(Self.set("prometheus"), Self.refusal(Self.immutable)))
        #expect(!Recreation.mayHelp(Self.set(), Self.refusal(port, Self.immutable)))
        #expect(!Recreation.mayHelp(Self.set(), Self.refusal(port)))
        #expect(!Recreation.mayHelp(Self.set(), Self.refusal()))
        #expect(!Recreation.mayHelp(Self.set("thanos-receive"), Self.refusal(Self.immutable)))
        #expect(!Recreation.mayHelp(Self.set(), .forbidden(.statefulSets, "b", Self.immutable.message)))
    }

    private static let claim: JSON = ["metadata": ["name": "data"], "spec": ["storageClassName": "slow"]]

    @Test func `The changed fields are found beside those that the API server has filled in`() {
        let wanted: JSON = [
            "selector": ["matchLabels": ["a": "b"]], "serviceName": "b", "podManagementPolicy": "Parallel",
            "volumeClaimTemplates": [Self.claim],
        ]
        var live = wanted
        live["volumeClaimTemplates"] = [
            ["metadata": ["name": "data"], "spec": ["storageClassName": "slow", "volumeMode": "Filesystem"]]
        ]
        func changes(_ change: (inout JSON) -> Void = { _ in }) -> [String]? {
            var other = wanted
            change(&other)
            return Recreation.changes(
                from: Self.set("prometheus-agent", live), to: Self.set("prometheus-agent", other))
        }
        #expect(changes() == [])
        #expect(changes { $0["serviceName"] = "c" } == ["serviceName"])
        #expect(changes { $0["volumeClaimTemplates"] = nil } == ["volumeClaimTemplates"])
        #expect(
            changes {
                $0["volumeClaimTemplates"] = [["metadata": ["name": "data"], "spec": ["storageClassName": "fast"]]]
            }
                == ["volumeClaimTemplates"])
        #expect(
            changes { $0["selector"] = ["matchLabels": ["a": "c"]] } == nil, "its pods would stay and be in the way")
    }

    @Test func `Running pods cannot get new claims`() {
        let with = Self.set("prometheus-agent", ["volumeClaimTemplates": [Self.claim]])
        #expect(Recreation.addsClaims(from: Self.set(), to: with))
        #expect(!Recreation.addsClaims(from: with, to: Self.set()))
        #expect(!Recreation.addsClaims(from: with, to: with))
    }
}
