import Kube
import Testing
import YAML

@Suite struct `Reading YAML` {
    func value(_ text: String) throws -> JSON { try YAML.parseOne(text).value }

    static let scalars: [(String, JSON)] = [
        // Words, as go-yaml v2 has them: more booleans than YAML 1.2, and only in these cases of letters.
        ("y", true), ("Y", true), ("yes", true), ("Yes", true), ("YES", true), ("yEs", "yEs"), ("on", true),
        ("ON", true), ("true", true), ("True", true), ("TRUE", true), ("tRUE", "tRUE"), ("n", false), ("No", false),
        ("off", false), ("FALSE", false), ("null", nil), ("Null", nil), ("NULL", nil), ("~", nil), ("nULL", "nULL"),
        ("yes please", "yes please"), ("none", "none"),
        // Integers.
        ("0", 0), ("-0", 0), ("12", 12), ("+12", 12), ("-12", -12), ("1_000", 1000), ("-_1", -1), ("0777", 511),
        ("0o777", 511), ("0O17", 15), ("-0777", -511), ("0x1F", 31), ("-0xff", -255), ("0b101", 5), ("-0b11", -3),
        ("0x", "0x"), ("0o8", "0o8"), ("0b2", "0b2"), ("08", 8), ("_1", "_1"), ("+", "+"),
        ("9223372036854775807", 9_223_372_036_854_775_807), ("-9223372036854775808", JSON.int(.min)),
        ("9223372036854775808", JSON.double(9_223_372_036_854_775_808)),
        ("18446744073709551615", JSON.double(18_446_744_073_709_551_616)), ("99999999999999999999", 1e20),
        // Floating point.
        ("1.5", 1.5), ("1.", 1), (".5", 0.5), ("+.5", 0.5), ("-1.5e-3", -0.0015), ("1e3", 1000), ("1E+3", 1000),
        ("1.0", 1), ("1_0.5", 10.5), ("._5", "._5"), (".", "."), (".e5", ".e5"), ("1e", "1e"), ("1e999", "1e999"),
        ("1.2.3", "1.2.3"), ("10.0.0.1", "10.0.0.1"), ("0x1p-2", "0x1p-2"), ("1,000", "1,000"), ("0777.5", 777.5),
        // What stays a string.
        ("2020-01-01", "2020-01-01"), ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z"), ("12:30:45", "12:30:45"),
        ("'12'", "12"), ("\"yes\"", "yes"), ("''", ""), ("100Gi", "100Gi"), ("<<", "<<"), ("=", "="),
        // Tags.
        ("!!str 12", "12"), ("!!str", ""), ("!!int \"12\"", 12), ("!!float 3", 3), ("!!bool \"yes\"", true),
        ("!!binary aGk=", "hi"), ("!mine 12", "12"), ("! 12", "12"), ("!!timestamp 2020-01-01", "2020-01-01"),
        ("!!seq [1]", [1]), ("!!set {a, b}", ["a": nil, "b": nil]),
    ]

    @Test(arguments: scalars)
    func `A scalar is resolved as go-yaml resolves it`(text: String, expected: JSON) throws {
        #expect(try value("v: \(text)\n")["v"] == expected)
    }

    @Test(.enabled(if: OtherReader.hasKubectl)) func `A scalar has the same meaning as for kubectl`() throws {
        let spec = Self.scalars.enumerated().map { "  v\($0): \($1.0)\n" }.joined()
        let read = try #require(OtherReader.kubectl(spec: spec))
        for (index, (text, expected)) in Self.scalars.enumerated() where read["v\(index)"] != expected {
            Issue.record("kubectl reads \(text) as \(read["v\(index)"] ?? "nothing"), and not \(expected)")
        }
    }

    static let keys: [(String, String)] = [
        ("1: x", "1"), ("0x10: x", "16"), ("true: x", "true"), ("yes: x", "true"), ("off: x", "false"),
        ("1.5: x", "1.5"),
        ("1e6: x", "1e+06"), ("100000.5: x", "100000.5"), ("0.00001: x", "1e-05"), ("0.1: x", "0.1"),
        (".inf: x", ".inf"),
        ("123456.0: x", "123456"), ("\"1\": x", "1"), ("2020-01-01: x", "2020-01-01"), ("'': x", ""),
        ("\"<<\": x", "<<"),
        ("-1.25e-7: x", "-1.25e-07"),
    ]

    @Test(arguments: keys)
    func `A key of another type becomes a string`(text: String, key: String) throws {
        #expect(try value(text) == [key: "x"])
    }

    @Test(.enabled(if: OtherReader.hasKubectl))
    func `A key of another type becomes the same string as for kubectl`() throws {
        let spec = Self.keys.map { "  - \($0.0)\n" }.joined()
        let read = try #require(OtherReader.kubectl(spec: spec))
        for (index, (text, key)) in Self.keys.enumerated() where read[index] != [key: "x"] {
            Issue.record("kubectl reads \(text) as \(read[index] ?? "nothing"), and not with \(key)")
        }
    }

    @Test func `Anchors, aliases and merge keys are expanded`() throws {
        let text = """
            base: &base {image: nginx, env: &env [a, b]}
            first:
              <<: *base
              image: apache
            second:
              <<: [{image: caddy}, *base]
            third: *env
            """
        #expect(
            try value(text) == [
                "base": ["image": "nginx", "env": ["a", "b"]], "first": ["image": "apache", "env": ["a", "b"]],
                "second": ["image": "caddy", "env": ["a", "b"]], "third": ["a", "b"],
            ])
    }

    @Test func `All documents of a stream are read except empty ones`() throws {
        let documents = try YAML.parse("---\n---\na: 1\n...\n---\n# nothing\n---\nnull\n---\n- b\n")
        #expect(documents.map(\.value) == [["a": 1], ["b"]])
        #expect(try YAML.parse("").isEmpty)
        #expect(throws: YAMLError.self) { try YAML.parseOne("a: 1\n---\nb: 2\n") }
        #expect(throws: YAMLError.self) { try YAML.parseOne("# nothing") }
    }

    @Test func `Block scalars follow their indicators`() throws {
        let text = "a: |\n  x\n   y\n\nb: |-\n  x\nc: |+\n  x\n\nd: >\n  x\n  y\n\n  z\ne: |2\n    x\n"
        #expect(try value(text) == ["a": "x\n y\n", "b": "x", "c": "x\n\n", "d": "x y\nz\n", "e": "  x\n"])
    }

    @Test func `UTF-16 and a byte order mark are supported`() throws {
        let utf16: [UInt8] = [0xFF, 0xFE] + "a: é".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try YAML.parseOne(utf16).value == ["a": "é"])
        #expect(try YAML.parseOne([0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb: 2\r\n".utf8)).value == ["a": 1, "b": 2])
    }

    @Test(arguments: [
        ("a: 1\na: 2\n", "f:2:1: the key \"a\" is given twice, first at 1:1"),
        ("x:\n  1: a\n  \"1\": b\n", "f:3:3: the key \"1\" is given twice, first at 2:3"),
        (
            "a: 1\n<<: {a: 2}\n",
            "f:2:1: the merge key << comes after the key \"a\", which it also sets: YAML readers differ on which one wins, so << should come first"
        ),
        ("<<: 1\n", "f:1:5: the merge key << takes an object or a list of objects, not an integer"),
        ("a: *b\n", "f:1:4: the alias *b has no anchor before it"),
        ("a: &a [*a]\n", "f:1:8: the anchor \"a\" contains itself"),
        ("a: .inf\n", "f:1:4: .inf is a number that JSON cannot represent; put it in quotes to make it a string"),
        ("a: [.NaN]\n", "f:1:5: .NaN is a number that JSON cannot represent; put it in quotes to make it a string"),
        ("~: 1\n", "f:1:1: a key should be a string, not null"),
        ("? [a]\n: 1\n", "f:1:3: a key should be a string, not a list or an object"),
        ("a: !!int x\n", "f:1:4: cannot decode !!str `x` as a !!int"),
        ("a: !!binary x\n", "f:1:4: the !!binary value is not valid base64"),
        ("a: !!binary /w==\n", "f:1:4: the !!binary value is not UTF-8 text, which JSON requires"),
        ("a: [1\nb: 2\n", "f:2:2: did not find expected ',' or ']' while parsing a flow sequence that begins at 1:4"),
        ("a:\n\t- b\n", "f:2:1: found character that cannot start any token while scanning for the next token"),
        ("a: \"x\n", "f:2:1: found unexpected end of stream while scanning a quoted scalar that begins at 1:4"),
    ])
    func `An error names the position of the problem`(text: String, message: String) {
        #expect(throws: YAMLError.self) { try YAML.parse(text, file: "f") }
        do throws(YAMLError) { _ = try YAML.parse(text, file: "f") } catch { #expect(error.description == message) }
    }

    @Test func `Bytes that are not valid text are refused with their position`() {
        #expect(
            throws: YAMLError(position: YAMLPosition(line: 2, column: 5), reason: "invalid trailing UTF-8 octet (0x61)")
        ) {
            try YAML.parse(Array("é: 1\nb: ".utf8) + [0xC3, 0x61])
        }
        #expect(throws: YAMLError.self) { try YAML.parse([0x61, 0x3A, 0x20, 0x00]) }
    }

    @Test func `Deep nesting and alias expansion are limited`() {
        let deep = String(repeating: "[", count: 100_000)
        let laughs =
            "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "bcdefghij".unicodeScalars.map { letter in
                let before = Unicode.Scalar(letter.value - 1).map(String.init) ?? ""
                return "\(letter): &\(letter) [\(Array(repeating: "*\(before)", count: 10).joined(separator: ","))]\n"
            }.joined()
        for (text, reason) in [(deep, "nested deeper than 200 levels"), (laughs, "after alias expansion")] {
            do throws(YAMLError) {
                _ = try YAML.parse(text)
                Issue.record("it was read")
            } catch {
                #expect(error.reason.contains(reason))
            }
        }
        var limits = YAMLLimits()
        limits.maximumBytes = 10
        #expect(throws: YAMLError.self) { try YAML.parse("a: 123456789", limits: limits) }
        limits.maximumBytes = 40
        #expect(throws: YAMLError.self) { try YAML.parse("a: &a 0123456789\nb: [*a,*a,*a,*a]", limits: limits) }
        limits = YAMLLimits()
        limits.maximumDepth = 3
        #expect(throws: YAMLError.self) { try YAML.parse("a: &a [[1]]\nb: [*a]", limits: limits) }
    }

    @Test func `Each value has a position, and a missing value has that of its parent`() throws {
        let text =
            "\nkind: X\nspec:\n  list:\n  - a\n  - b: 1\n    c: 2\n  flow: {x: [1, 2]}\nbase: &b\n  deep: 1\nuse: *b\n"
        let document = try YAML.parseOne(text)
        func at(_ path: FieldPath) -> String { document.position(of: path)?.description ?? "nowhere" }
        #expect(at(FieldPath()) == "2:1")
        #expect(at(FieldPath("spec")) == "3:1")
        #expect(at(FieldPath("spec.list").appending(0)) == "5:5")
        #expect(at(FieldPath("spec.list").appending(1).appending("c")) == "7:5")
        #expect(at(FieldPath("spec.list").appending(1).appending("zzz")) == "6:5")
        #expect(at(FieldPath("spec.flow.x").appending(1)) == "8:17")
        #expect(at(FieldPath("spec.missing.more")) == "3:1")
        #expect(at(FieldPath("use.deep")) == "10:3")
        #expect(at(FieldPath("use")) == "11:1")
        #expect(YAMLDocument(["a": 1]).position(of: FieldPath("a")) == nil)
    }
}
