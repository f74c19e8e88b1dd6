@testable import ConfigReload
import Testing

@Suite("Variables in a configuration") struct ExpansionTests {
    private func expanded(_ text: String, _ values: [String: String]) throws -> String {
        let expansion = try Expansion(values.keys.sorted()) { values[$0] }
        return String(decoding: expansion.apply(to: Array(text.utf8)), as: UTF8.self)
    }

    @Test(arguments: [
        ("node: $(NODE)", "node: a"), ("$(NODE)$(NODE)", "aa"), ("($(NODE))", "(a)"), ("$$(NODE)", "$a"),
        ("", ""), ("$", "$"), ("$(", "$("), ("$(NODE", "$(NODE"), ("$()", "$()"), ("${NODE}", "${NODE}"),
        ("$(OTHER) $(NODE)", "$(OTHER) a"), ("$(node)", "$(node)"), ("$( NODE)", "$( NODE)"),
        ("^$(NODE|x)$(NODE)", "^$(NODE|x)a"), ("ü$(NODE)ü", "üaü"),
    ])
    func `Only requested variables are expanded`(text: String, expected: String) throws {
        #expect(try expanded(text, ["NODE": "a"]) == expected)
    }

    @Test func `The values of variables are not expanded again`() throws {
        #expect(try expanded("$(A)", ["A": "$(B)", "B": "b"]) == "$(B)")
        #expect(try expanded("$$(A)(B)", ["A": "", "B": "b"]) == "$(B)")
    }

    @Test func `A variable that is not set is reported by name`() {
        let error = #expect(throws: Expansion.Unset.self) { try Expansion(["MISSING"]) { _ in nil } }
        #expect(error?.description == "the environment variable MISSING is not set")
    }
}
