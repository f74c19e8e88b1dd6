import Kube
import TestSupport
import Testing

/// What `tributary lint` prints: `file:line:column: error|warning: what, and what to do`.
@Suite struct `tributary lint` {
    /// What is known to hurt Thanos Receive, a file for each; `Tests/Fixtures/lint/rows.json`.
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

    @Test func `has a row for everything that is known to hurt`() { #expect(Self.rows.count == 53) }

    @Test(arguments: rows) func `tells what Thanos would not bear, where it stands, and what to do`(row: Row)
        async throws
    {
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
        // An error is what fails the command, nothing else does.
        #expect((outcome.code == 1) == lines.contains { $0.contains(": error: ") })
    }

    @Test func `reads standard input, as pipelines have it`() async throws {
        let outcome = try await Tool.run("lint", "--algorithm", "ketama", "-", input: #"[{"endpoints": []}]"#)
        #expect(outcome.code == 1)
        #expect(outcome.output.hasPrefix("<stdin>:1:3: error: hashring \"#1\": [0].endpoints: is empty: "))
    }

    @Test func `finds both faults of a hand-made set-up: the catch-all comes first, and tenants are sent otherwise`()
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
            \(base):8:5: warning: no hashring has endpoints: as a base that a controller fills in that is fine, \
            receivers refuse it as it stands
            \(base):12:9: warning: hashring "hashring-0": [1]: is never reached: hashring "default" before it has no \
            tenants and so serves all of them; put that one last
            \(base):14:25: warning: hashring "hashring-0": [1].tenants[0]: no reverse proxy in these manifests sends \
            tenant "tenant-a", they send "a", "b": name tenants as they are sent
            \(base):14:37: warning: hashring "hashring-0": [1].tenants[1]: no reverse proxy in these manifests sends \
            tenant "tenant-b", they send "a", "b": name tenants as they are sent

            """
        #expect(outcome.output == expected)
        #expect(outcome.code == 0)
    }

    @Test func `places what is wrong inside a ConfigMap where it stands in the manifest`() async throws {
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
        // A literal block, with an indentation of its own and blank lines first; the limits file beside it.
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
                "8:48: error: hashring \"é\": ",
                "13:8: error: write.tenants.acme: is empty: receivers panic; write {} or remove it",
            ])
        // A list, as kubectl prints it.
        let indented = block.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\n  ")
        let list = "apiVersion: v1\nkind: List\nitems:\n- \(indented)"
        #expect(try await lint("list.yaml", list).first == "11:50: error: hashring \"é\": ")
        // One line in quotes, as JSON has it: the column is that of the character in the line.
        let object: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "x"],
            "data": ["hashrings.json": .string(file)],
        ]
        let json = object.text()
        let found = try await lint("object.json", json)
        let second = try #require(json.firstRange(of: #", \"a:1\""#)).lowerBound
        let column = json[..<second].unicodeScalars.count + 3
        #expect(found == ["1:\(column): error: hashring \"é\": "])
        #expect(
            try await lint(
                "single.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  'hashrings.json': "
                    + #"'[{"hashring": "it''s", "endpoints": ["a:1", "a:1"]}]'"#)
                == ["5:66: error: hashring \"it's\": "])
        // A folded block moves lines about: the key stands for all of it.
        #expect(
            try await lint(
                "folded.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  hashrings.json: >\n    "
                    + "[{\"endpoints\":\n    [\"a:1\", \"a:1\"]}]\n") == ["5:3: error: hashring \"#1\": "])
    }

    @Test func `refuses at once what is too large, too deep, or no text`() async throws {
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
            ("utf16.json", utf16, ":1:1: error: the text is UTF-16, and Thanos reads UTF-8: save it as UTF-8"),
            ("zero.yaml", Array("write: {}\n\0".utf8), ":2:1: error: a byte 0 is in it"),
            ("bomb.yaml", Array(bomb.utf8), ":6:45: error: the document has more than 1000000 values"),
            (
                "large.json", Array(repeating: 0x20, count: 5 << 20) + Array("[]".utf8),
                ":1:1: error: has 5242882 bytes, more than the 4 MiB that a hashring file may have"
            ),
            (
                "large.yaml", Array(repeating: 0x78, count: 5 << 20),
                ":1:1: error: has 5242880 bytes, more than the 4 MiB that a limits file may have, and does not begin"
            ),
            (
                "huge.json", Array(repeating: 0x5B, count: 100_000_000),
                ": error: has 100000000 bytes, more than the 64 MiB"
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

    @Test func `takes manifests of more than 4 MiB`() async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let filler = String(repeating: "# a comment that takes its place in the file\n", count: 110_000)
        let path = try folder.write(
            "all.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n\(filler)data: {hashrings.json: '[]'}\n")
        let outcome = try await Tool.run("lint", path)
        #expect(outcome.code == 1)
        #expect(outcome.output.hasPrefix("\(path):110004:25: error: the file has no hashring"))
    }
}
