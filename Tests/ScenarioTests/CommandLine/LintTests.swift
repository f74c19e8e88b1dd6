import Kube
import TestSupport
import Testing
import YAML

@testable import tributary

/// The output of `tributary lint`: `file:line:column: error|warning: what is wrong, and what to do`.
@Suite struct `tributary lint` {
    /// A file that is known to harm Thanos Receive, from `Tests/Fixtures/lint/rows.json`.
    struct Row: Sendable, CustomTestStringConvertible, Codable {
        var name: String
        var arguments: [String]
        var fileName: String
        var file: String
        var previous: String?
        var output: [String]
        var code: Int

        var testDescription: String { name }
    }

    static let rows: [Row] =
        (try? JSON(parsing: Checkout.read("Tests/Fixtures/lint/rows.json")).decode([Row].self)) ?? []

    @Test func `The fixture has a row for every known fault`() { #expect(Self.rows.count == 53) }

    @Test(arguments: rows)
    func `The command lint reports what harms Thanos, where it is, and what to do`(row: Row) async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let path = try folder.write(row.fileName, row.file)
        var arguments = row.arguments
        if let previous = row.previous, let name = arguments.last {
            arguments[arguments.count - 1] = try folder.write(name, previous)
        }
        let outcome = try await Tool.run(["lint"] + arguments + [path])
        let lines = outcome.output.split(separator: "\n").map(String.init)
        #expect(lines == row.output.map { "\(folder.root)/\($0)" })
        #expect(outcome.code == row.code)
        #expect(outcome.errors == "")
        // Only errors fail the command.
        #expect((outcome.code == 1) == lines.contains { $0.contains(": error: ") })
    }

    @Test func `The command lint checks PrometheusRules, whether anybody selects them or not`() async throws {
        let rule = """
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata: {name: shop}
            spec:
              groups:
              - {name: good, rules: [{record: r, expr: up}]}
              - {name: bad, rules: [{record: r, expr: "rate(up)"}]}
            """
        let outcome = try await Tool.run("lint", "-", input: rule)
        #expect(outcome.code == 1)
        #expect(
            outcome.output == """
                <stdin>:7:37: error: PrometheusRule default/shop: spec.groups[1].rules[0].expr: group "bad": 1:6: expected \
                type range vector in call to function "rate", got instant vector

                """)
        let tenants = """
            {apiVersion: tributary.dev/v1alpha1, kind: GlobalView, metadata: {name: main}, spec: {prometheus: {}}}
            ---
            apiVersion: tributary.dev/v1alpha1
            kind: Tenant
            metadata: {name: a}
            spec: {globalViewRef: {name: main}, rules: {selector: {}}}
            ---

            """
        let selected = try await Tool.run("lint", "-", input: tenants + rule)
        #expect(selected.output.split(separator: "\n").filter { $0.contains("error: PrometheusRule") }.count == 1)
    }

    @Test func `The command lint reads standard input`() async throws {
        let outcome = try await Tool.run("lint", "--algorithm", "ketama", "-", input: #"[{"endpoints": []}]"#)
        #expect(outcome.code == 1)
        #expect(outcome.output.hasPrefix("<stdin>:1:3: error: hashring \"#1\": [0].endpoints: is empty: "))
    }

    @Test func `The command lint finds a catch-all hashring that comes first, and tenants that no proxy sends`()
        async throws
    {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let base = try folder.write(
            "10-base.yaml",
            """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: thanos-receive-base
              namespace: thanos
            data:
              hashrings.json: |
                [
                    {
                        "hashring": "default"
                    },
                    {
                        "hashring": "hashring-0",
                        "tenants": ["tenant-a", "tenant-b"]
                    }
                ]
            """)
        func proxy(_ tenant: String) -> String {
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: nginx, namespace: tenant-\(tenant)}
            data:
              nginx.conf: |
                server {
                    listen 80;
                    proxy_set_header THANOS-TENANT \(tenant);
                }
            """
        }
        try folder.write("20-a.yaml", proxy("a"))
        try folder.write("21-b.yaml", proxy("b"))
        let outcome = try await Tool.run("lint", folder.root)
        let expected = """
            \(base):8:5: warning: no hashring has endpoints: this is right for a base file that a controller fills in, \
            but receivers refuse it
            \(base):12:9: warning: hashring "hashring-0": [1]: is never reached: hashring "default" before it has no \
            tenants and so serves all of them; put that one last
            \(base):14:25: warning: hashring "hashring-0": [1].tenants[0]: no reverse proxy in these manifests sends \
            tenant "tenant-a" (they send "a", "b"): name tenants as they are sent
            \(base):14:37: warning: hashring "hashring-0": [1].tenants[1]: no reverse proxy in these manifests sends \
            tenant "tenant-b" (they send "a", "b"): name tenants as they are sent

            """
        #expect(outcome.output == expected)
        #expect(outcome.code == 0)
    }

    @Test func `The command lint reports a fault inside a ConfigMap at its place in the manifest`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let file = #"[\#n  {"hashring": "é", "endpoints": ["a:1", "a:1"]}\#n]\#n"#
        func lint(_ name: String, _ text: String) async throws -> [String] {
            let path = try folder.write(name, text)
            let outcome = try await Tool.run("lint", path)
            return outcome.output.split(separator: "\n").map {
                String($0.dropFirst(path.count + 1).prefix { $0 != "[" })
            }
        }
        // A literal block that begins with a blank line and is indented further; next to it a limits file.
        let block = """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: x}
            data:
              hashrings.json: |

                  [
                    {"hashring": "é", "endpoints": ["a:1", "a:1"]}
                  ]
              limits.yaml: |-
               write:
                 tenants:
                   acme:
            """
        #expect(
            try await lint("block.yaml", block) == [
                "8:48: warning: hashring \"é\": ",
                "13:8: error: write.tenants.acme: is empty: receivers panic; write {} or remove it",
            ])
        // A list as printed by kubectl.
        let indented = block.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
        let list = "apiVersion: v1\nkind: List\nitems:\n- \(indented)"
        #expect(try await lint("list.yaml", list).first == "11:50: warning: hashring \"é\": ")
        // One quoted line, as in JSON: the column is that of the character in this line.
        let object: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "x"],
            "data": ["hashrings.json": .string(file)],
        ]
        let json = object.text()
        let found = try await lint("object.json", json)
        let second = try #require(json.firstRange(of: #", \"a:1\""#)).lowerBound
        let column = json[..<second].unicodeScalars.count + 3
        #expect(found == ["1:\(column): warning: hashring \"é\": "])
        #expect(
            try await lint(
                "single.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  'hashrings.json': "
                    + #"'[{"hashring": "it''s", "endpoints": ["a:1", "a:1"]}]'"#)
                == ["5:66: warning: hashring \"it's\": "])
        // A folded block joins lines: the position is that of the key.
        #expect(
            try await lint(
                "folded.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  hashrings.json: >\n    "
                    + "[{\"endpoints\":\n    [\"a:1\", \"a:1\"]}]\n") == ["5:3: warning: hashring \"#1\": "])
    }

    @Test func `A position is found after escaped characters, and not in text with half of a surrogate pair`() throws {
        let key = YAMLPosition(line: 1, column: 2)
        func text(_ value: String, _ content: String) -> EmbeddedText? {
            EmbeddedText(content, key: key, in: Array("{\"k\": \"\(value)\"}".utf8))
        }
        let pair = try #require(text(#"\ud83d\ude00x"#, "\u{1F600}x"))
        #expect(pair.position(line: 1, column: 2) == YAMLPosition(line: 1, column: 20))
        // A column beyond the text, as of its end, is that of the last character.
        #expect(pair.position(line: 9, column: 99) == YAMLPosition(line: 1, column: 20))
        for half in [#"\ud800\u0000"#, #"\ud800\uffff"#, #"\ud800\ud800"#, #"\udc00"#, #"\ud800"#, #"\u12"#] {
            #expect(text(half, "x") == nil, "\(half)")
        }
    }

    @Test func `The command lint refuses files that are too large, nested too deep, or not text`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let deep = String(repeating: "[", count: 10_001) + String(repeating: "]", count: 10_001)
        let utf16 = "\u{FEFF}[]".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<10 {
            let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let cases: [(name: String, bytes: [UInt8], expected: String)] = [
            ("deep.json", Array(deep.utf8), ":1:257: error: not valid JSON: nested deeper than 256 levels"),
            ("deep.yaml", Array("a: \(deep)".utf8), ":1:203: error: nested deeper than 200 levels"),
            ("utf16.json", utf16, ":1:1: error: found UTF-16 text, which Thanos does not read; save it as UTF-8"),
            ("zero.yaml", Array("write: {}\n\0".utf8), ":2:1: error: found a zero byte, expected text in UTF-8"),
            ("bomb.yaml", Array(bomb.utf8), ":6:45: error: the document has more than 1000000 values"),
            (
                "large.json", Array(repeating: 0x20, count: 5 << 20) + Array("[]".utf8),
                ":1:1: error: has 5242882 bytes; a hashring file may have at most 4 MiB"
            ),
            (
                "large.yaml", Array(repeating: 0x78, count: 5 << 20),
                ":1:1: error: has 5242880 bytes and does not begin as a manifest; a limits file may have at most 4 MiB"
            ),
            (
                "huge.json", Array(repeating: 0x5B, count: 100_000_000),
                ": error: has 100000000 bytes; at most 64 MiB are read"
            ),
        ]
        for (name, bytes, expected) in cases {
            let path = try folder.write(name, bytes)
            let outcome = try await Tool.run("lint", path)
            #expect(outcome.code == 1)
            #expect(outcome.output.hasPrefix(path + expected), "\(outcome.output.prefix(300))")
            #expect(outcome.output.utf8.count < 400)
        }
    }

    @Test func `The command lint accepts manifests of more than 4 MiB`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let filler = String(repeating: "# a comment that only takes space in the file\n", count: 110_000)
        let path = try folder.write(
            "all.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n\(filler)data: {hashrings.json: '[]'}\n")
        let outcome = try await Tool.run("lint", path)
        #expect(outcome.code == 1)
        #expect(outcome.output.hasPrefix("\(path):110004:25: error: the file has no hashring"))
    }
}
