import Kube
import Testing

@Suite("Label selectors") struct LabelSelectorTests {
    @Test(
        arguments: [
            (
                ["key": "app", "operator": "Near", "values": ["a"]],
                "spec.selector.matchExpressions[0].operator: \"Near\" should be In, NotIn, Exists or DoesNotExist"
            ),
            (["key": "app"], "spec.selector.matchExpressions[0].operator: is required"),
            (["operator": "Exists"], "spec.selector.matchExpressions[0].key: is required"),
            (
                ["key": "app", "operator": "In"],
                "spec.selector.matchExpressions[0].values: \(LabelSelector.valuesProblem)"
            ),
            (
                ["key": "app", "operator": "NotIn", "values": []],
                "spec.selector.matchExpressions[0].values: \(LabelSelector.valuesProblem)"
            ),
            (
                ["key": "app", "operator": "Exists", "values": ["a"]],
                "spec.selector.matchExpressions[0].values: \(LabelSelector.valuesProblem)"
            ),
            (
                ["key": "app", "operator": "DoesNotExist", "values": ["a"]],
                "spec.selector.matchExpressions[0].values: \(LabelSelector.valuesProblem)"
            ),
        ] as [(JSON, String)])
    func `A requirement that the API server refuses cannot be decoded`(requirement: JSON, message: String) {
        let selector: JSON = ["matchExpressions": [requirement]]
        let error = #expect(throws: FieldError.self) {
            try selector.decode(LabelSelector.self, at: FieldPath("spec.selector"))
        }
        #expect(error?.description == message)
    }

    @Test func `A selector of another type cannot be decoded`() {
        for json: JSON in ["app=a", ["matchLabels": ["app": 1]], ["matchExpressions": ["key": "app"]]] {
            #expect(throws: FieldError.self) { try json.decode(LabelSelector.self) }
        }
    }

    @Test func `Labels match a decoded selector if they meet every requirement`() throws {
        let json: JSON = [
            "matchLabels": ["app": "a"],
            "matchExpressions": [
                ["key": "tier", "operator": "In", "values": ["x", "y"]],
                ["key": "zone", "operator": "NotIn", "values": ["b"]],
                ["key": "shard", "operator": "Exists"], ["key": "old", "operator": "DoesNotExist", "values": []],
            ],
        ]
        let selector = try json.decode(LabelSelector.self)
        let labels = ["app": "a", "tier": "y", "shard": ""]
        #expect(selector.matches(labels))
        for (key, value) in [("app", "b"), ("tier", "z"), ("zone", "b"), ("old", "")] {
            #expect(!selector.matches(labels.merging([key: value]) { $1 }))
        }
        #expect(!selector.matches(["app": "a", "tier": "y"]))
        #expect(selector.queryValue == "app=a,tier in (x,y),zone notin (b),shard,!old")
        #expect(try JSON([:]).decode(LabelSelector.self).matches([:]))
    }
}
