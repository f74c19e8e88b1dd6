import Kube
import Testing

@Suite("JSON values") struct JSONTests {
    @Test(arguments: [
        ("{\"a\":[1,2.5,\"x\\n\\u00e9\\ud83d\\ude00\",true,null]}", "{\"a\":[1,2.5,\"x\\né😀\",true,null]}"),
        (" 9223372036854775807 ", "9223372036854775807"), ("1e2", "100"), ("-0.5", "-0.5"),
    ])
    func `A text survives a round trip`(text: String, written: String) throws {
        #expect(try JSON(parsing: text).text() == written)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\" 1}", "01", "\"\\x\"", "nul", "1 2", "\"a\nb\"", "[\"", "-", "1.", "\"\\ud8",
    ])
    func `A malformed text is refused`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: text) }
    }

    @Test func `Deep nesting is refused, and duplicate names on request`() {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: deep) }
        var options = JSON.ParsingOptions()
        options.refusesDuplicateKeys = true
        #expect(throws: JSONSyntaxError(reason: "the member \"a\" is given twice", offset: 7)) {
            try JSON(parsing: "{\"a\":1,\"a\":2}", options: options)
        }
    }

    @Test func `Members can be set by path, and equality ignores their order`() {
        var json: JSON = ["metadata": ["name": "a"]]
        json["metadata", "labels", "x"] = "y"
        #expect(json == ["metadata": ["labels": ["x": "y"], "name": "a"]])
        json["metadata", "labels", "x"] = nil
        json["status", "nothing"] = nil
        #expect(json == ["metadata": ["name": "a", "labels": [:]]])
    }

    @Test func `A value of the wrong type is refused with its field and the right type`() {
        let json: JSON = ["metadata": ["name": "a", "labels": ["x": 1]]]
        #expect(throws: FieldError(FieldPath("metadata.labels.x"), "1 should be a string")) {
            try json["metadata"]?.decode(ObjectMeta.self, at: FieldPath("metadata"))
        }
        #expect(throws: FieldError(FieldPath("name"), "is required")) { try JSON([:]).decode(ObjectMeta.self) }
    }

    @Test func `An encoded value is decoded to the same value`() throws {
        let meta = ObjectMeta(name: "a", labels: ["x": "y"])
        let json = try JSON(encoding: meta)
        #expect(json == ["name": "a", "labels": ["x": "y"]])
        #expect(try json.decode(ObjectMeta.self) == meta)
    }
}
