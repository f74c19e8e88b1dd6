import Kube
import Testing

@Suite struct `Patches` {
    /// The examples of RFC 7386, appendix A.
    @Test(
        arguments: [
            (["a": "b"], ["a": "c"], ["a": "c"]), (["a": "b"], ["b": "c"], ["a": "b", "b": "c"]),
            (["a": "b"], ["a": nil], [:]),
            (["a": "b", "b": "c"], ["a": nil], ["b": "c"]), (["a": ["b"]], ["a": "c"], ["a": "c"]),
            (["a": "c"], ["a": ["b"]], ["a": ["b"]]),
            (["a": ["b": "c"]], ["a": ["b": "d", "c": nil]], ["a": ["b": "d"]]),
            (["a": [["b": "c"]]], ["a": [1]], ["a": [1]]),
            (["a", "b"], ["c", "d"], ["c", "d"]), (["a": "b"], ["c"], ["c"]), (["a": "foo"], nil, nil),
            (["a": "foo"], "bar", "bar"), (["e": nil], ["a": 1], ["e": nil, "a": 1]),
            ([1, 2], ["a": "b", "c": nil], ["a": "b"]),
            ([:], ["a": ["bb": ["ccc": nil]]], ["a": ["bb": [:]]]),
        ] as [(JSON, JSON, JSON)])
    func `A merge patch is applied as RFC 7386 defines`(target: JSON, patch: JSON, result: JSON) {
        #expect(Patch.merge(patch, into: target) == result)
    }

    /// Mostly the examples of RFC 6902, appendix A.
    @Test(
        arguments: [
            (["foo": "bar"], [["op": "add", "path": "/baz", "value": "qux"]], ["baz": "qux", "foo": "bar"]),
            (
                ["foo": ["bar", "baz"]], [["op": "add", "path": "/foo/1", "value": "qux"]],
                ["foo": ["bar", "qux", "baz"]]
            ),
            (["foo": ["bar"]], [["op": "add", "path": "/foo/-", "value": ["a"]]], ["foo": ["bar", ["a"]]]),
            (["baz": "qux", "foo": "bar"], [["op": "remove", "path": "/baz"]], ["foo": "bar"]),
            (["foo": ["bar", "qux", "baz"]], [["op": "remove", "path": "/foo/1"]], ["foo": ["bar", "baz"]]),
            (["baz": "qux"], [["op": "replace", "path": "/baz", "value": nil]], ["baz": nil]),
            (
                ["foo": ["bar": "baz", "waldo": "fred"], "qux": ["corge": "grault"]],
                [["op": "move", "from": "/foo/waldo", "path": "/qux/thud"]],
                ["foo": ["bar": "baz"], "qux": ["corge": "grault", "thud": "fred"]]
            ),
            (
                ["foo": ["all", "grass", "cows", "eat"]], [["op": "move", "from": "/foo/1", "path": "/foo/3"]],
                ["foo": ["all", "cows", "eat", "grass"]]
            ),
            (
                ["a": ["b": 1]],
                [["op": "copy", "from": "/a", "path": "/c"], ["op": "replace", "path": "/c/b", "value": 2]],
                ["a": ["b": 1], "c": ["b": 2]]
            ),
            (
                ["a/b": 1, "m~n": 2],
                [["op": "test", "path": "/a~1b", "value": 1], ["op": "replace", "path": "/m~0n", "value": 3]],
                ["a/b": 1, "m~n": 3]
            ),
            (["a": 1], [["op": "replace", "path": "", "value": [1]]], [1]),
            (["": 1], [["op": "remove", "path": "/"]], [:]),
            (["a~1": 1], [["op": "remove", "path": "/a~01"]], [:]),
        ] as [(JSON, JSON, JSON)])
    func `A JSON patch is applied as RFC 6902 defines`(target: JSON, patch: JSON, result: JSON) throws {
        #expect(try Patch.apply(patch, to: target) == result)
    }

    @Test(
        arguments: [
            ([["op": "replace", "path": "/x", "value": 1]], "operation 0 (replace /x): there is no member \"x\""),
            (
                [["op": "remove", "path": "/l/2"]],
                "operation 0 (remove /l/2): there is no element 2: the index should be below 2"
            ),
            (
                [["op": "add", "path": "/l/3", "value": 1]],
                "operation 0 (add /l/3): there is no element 3: the index should be below 3"
            ),
            (
                [["op": "add", "path": "/l/01", "value": 1]],
                "operation 0 (add /l/01): \"01\" should be the index of an element"
            ),
            (
                [["op": "replace", "path": "/l/-", "value": 1]],
                "operation 0 (replace /l/-): \"-\" should be the index of an element"
            ),
            (
                [["op": "add", "path": "/s/y", "value": 1]],
                "operation 0 (add /s/y): \"y\" would be a member of a string"
            ),
            ([["op": "add", "path": "/x/y", "value": 1]], "operation 0 (add /x/y): there is no member \"x\""),
            ([["op": "test", "path": "/s", "value": "b"]], "operation 0 (test /s): the value is \"a\", not \"b\""),
            (
                [["op": "test", "path": "/s", "value": "a"], ["op": "spoil", "path": "/s"]],
                "operation 1 (spoil /s): op: \"spoil\" should be add, remove, replace, move, copy or test"
            ),
            ([["op": "add", "path": "/x"]], "operation 0 (add /x): value: is required"),
            ([["op": "move", "path": "/x"]], "operation 0 (move /x): from: is required"),
            ([["op": "add", "path": "x", "value": 1]], "operation 0 (add x): path: \"x\" should begin with /"),
            ([["op": "remove", "path": ""]], "operation 0 (remove ): the whole object cannot be removed"),
            (
                [["op": "move", "from": "/l", "path": "/l/0"]],
                "operation 0 (move /l/0): a value cannot be moved into itself"
            ),
            (["x"], "operation 0: a string should be an object"),
            (["a": 1], "operation 0: a patch should be a list, not an object"),
        ] as [(JSON, String)])
    func `A JSON patch that cannot be applied is refused with the reason`(patch: JSON, message: String) {
        let target: JSON = ["l": [1, 2], "s": "a"]
        do throws(JSONPatchError) {
            _ = try Patch.apply(patch, to: target)
            Issue.record("the patch was applied")
        } catch {
            #expect(error.description == message)
        }
    }

    @Test func `A JSON patch with too many operations or copied bytes is refused`() {
        let grow: JSON = .array((0..<60).map { ["op": "copy", "from": "/a", "path": "/a/\($0)"] })
        #expect(throws: JSONPatchError.self) { try Patch.apply(grow, to: ["a": ["x": "0123456789"]]) }
        let many: JSON = .array(Array(repeating: ["op": "test", "path": "/a", "value": 1], count: 10_001))
        #expect(throws: JSONPatchError.self) { try Patch.apply(many, to: ["a": 1]) }
    }
}
