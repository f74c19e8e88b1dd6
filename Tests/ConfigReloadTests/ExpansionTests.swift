import ConfigReload
import Testing

@Suite struct `Variables in a configuration` {
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
    func `are replaced where they are asked for, and nothing else is`(text: String, expected: String) throws {
        #expect(try expanded(text, ["NODE": "a"]) == expected)
    }

    @Test func `are not looked for in their own values`() throws {
        #expect(try expanded("$(A)", ["A": "$(B)", "B": "b"]) == "$(B)")
        #expect(try expanded("$$(A)(B)", ["A": "", "B": "b"]) == "$(B)")
    }

    @Test func `that are not set are an error, which names them`() {
        let error = #expect(throws: Expansion.Unset.self) { try Expansion(["MISSING"]) { _ in nil } }
        #expect(error?.description == "the environment variable MISSING is not set")
    }
}
