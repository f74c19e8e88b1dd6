import PrometheusConfig
import TestSupport
import Testing

@Suite("Expressions of the query language")
struct QueryParserTests {
    private static let versions = [PrometheusVersion(2, 42), PrometheusVersion(3, 5)]

    private static func accepts(_ text: String, _ version: PrometheusVersion) -> Bool {
        (try? QueryParser.check(text, version: version)) != nil
    }

    @Test(arguments: versions)
    func `What Prometheus accepts is accepted`(_ version: PrometheusVersion) throws {
        for text in QuerySamples.good + (version.major >= 3 ? QuerySamples.goodSince3 : []) {
            do throws(QueryError) {
                try QueryParser.check(text, version: version)
            } catch {
                Issue.record("\(text): \(error)")
            }
        }
    }

    @Test(arguments: versions)
    func `What Prometheus refuses is refused`(_ version: PrometheusVersion) {
        for text in QuerySamples.bad + (version.major < 3 ? QuerySamples.goodSince3 : []) {
            #expect(!Self.accepts(text, version), "\(text)")
        }
    }

    @Test(arguments: [
        ("sum(rate(up[5m])", "1:17: unexpected end of input in function call, expected \",\" or \")\""),
        ("up\n  == \"a\"", "2:3: binary expression must contain only scalar and instant vector types"),
        ("ratee(up[5m])", "1:1: unknown function with name \"ratee\""),
        ("rate(up)", "1:6: expected type range vector in call to function \"rate\", got instant vector"),
        ("{job=~\".*\"}", "1:1: vector selector must contain at least one non-empty matcher"),
        ("up{job=~\"a(\"}", "1:9: error parsing regexp: missing closing )"),
    ])
    func `A refusal says where and why`(_ text: String, _ message: String) {
        let error = #expect(throws: QueryError.self) {
            try QueryParser.check(text, version: PrometheusVersion(3, 5))
        }
        #expect(error?.description == message)
    }

    @Test func `Hostile expressions end soon`() {
        let deep = String(repeating: "(", count: 50_000)
        let bytes = String(repeating: "a", count: QueryParser.mostBytes + 1)
        let signs = String(repeating: "-", count: 60_000) + "1"
        let calls = String(repeating: "sum(", count: 10_000)
        for text in [deep, bytes, signs, calls, String(repeating: "[", count: 60_000)] {
            #expect(!Self.accepts(text, PrometheusVersion(3, 5)))
        }
        let long = (0..<6000).map { "a\($0)" }.joined(separator: " or ")
        #expect(Self.accepts(long, PrometheusVersion(3, 5)))
    }

    /// promtool decides the same about the samples and about samples that were changed at random.
    @Test(.enabled("promtool is not found") { await !InstalledPrometheus.all().isEmpty })
    func `Promtool accepts and refuses the same expressions as the parser`() async throws {
        var numbers = SeededNumbers(seed: 13)
        let samples = QuerySamples.good + QuerySamples.goodSince3 + QuerySamples.bad
        let texts = samples + (0..<1500).map { _ in Self.changed(samples, &numbers) }
        for installed in await InstalledPrometheus.all() {
            let version = try #require(PrometheusVersion(installed.version))
            let answers = try await Self.answers(texts, of: installed)
            var wronglyAccepted: [String] = []
            var wronglyRefused: [String] = []
            for (text, isAccepted) in zip(texts, answers) {
                let mine = Self.accepts(text, version)
                if mine, !isAccepted { wronglyAccepted.append(text) }
                if !mine, isAccepted { wronglyRefused.append(text) }
            }
            #expect(wronglyAccepted == [], "\(installed)")
            #expect(wronglyRefused == [], "\(installed)")
            #expect(answers.contains(true) && answers.contains(false), "\(installed)")
        }
    }

    private static func changed(_ samples: [String], _ numbers: inout SeededNumbers) -> String {
        let pieces = [
            "(", ")", "{", "}", "[", "]", ",", "5m", "1", "up", "sum", "by", "offset", "@", "-", "==", "and", "bool",
            "\"a\"", "=~",
            ":", " ", "on", "group_left", ".", "e", "_", "#", "rate", "1s", "^",
        ]
        var text = Array((samples.randomElement(using: &numbers) ?? "").unicodeScalars)
        for _ in 0..<Int.random(in: 1...3, using: &numbers) {
            let place = Int.random(in: 0...text.count, using: &numbers)
            switch Int.random(in: 0..<4, using: &numbers) {
            case 0 where place < text.count: text.remove(at: place)
            case 1:
                let other = Array((samples.randomElement(using: &numbers) ?? "").unicodeScalars)
                text.insert(contentsOf: other.prefix(Int.random(in: 0...12, using: &numbers)), at: place)
            default:
                text.insert(contentsOf: Array((pieces.randomElement(using: &numbers) ?? "").unicodeScalars), at: place)
            }
        }
        return String(String.UnicodeScalarView(text))
    }

    /// Whether promtool accepts each expression.
    private static func answers(_ texts: [String], of installed: InstalledPrometheus) async throws -> [Bool] {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var paths: [String] = []
        for (index, text) in texts.enumerated() {
            let escaped = text.unicodeScalars.map { scalar in
                let code = String(scalar.value, radix: 16)
                return scalar.isASCII && scalar.value >= 0x20 && scalar != "\"" && scalar != "\\"
                    ? String(scalar) : "\\U" + String(repeating: "0", count: 8 - code.count) + code
            }.joined()
            paths.append(
                try directory.write(
                    "\(index).yaml", "groups: [{name: g, rules: [{record: r, expr: \"\(escaped)\"}]}]"))
        }
        let output = try await ChildProcess.run(
            installed.promtool, ["check", "rules", "--lint=none"] + paths, within: .seconds(120)
        ).output
        let parts = output.components(of: "Checking ").dropFirst()
        try #require(parts.count == texts.count, "\(output.suffix(2000))")
        return parts.map { $0.contains("SUCCESS") }
    }
}

extension String {
    /// The parts between occurrences of a text.
    fileprivate func components(of separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
