import Hashring
import Kube
import TestSupport
import Testing

@testable import tributary

/// The output of `tributary route` and `tributary diff-rings`, compared with that of Thanos in
/// `Tests/Fixtures/hashring/thanos.json`.
@Suite struct `tributary route and tributary diff-rings` {
    /// Hashrings that Thanos was given, and the receivers to which it sent series.
    struct Rings: Sendable, CustomTestStringConvertible {
        struct Answer: Sendable {
            var tenant: String
            var series: Int
            var copies: [String]
        }

        var testDescription: String
        var algorithm: String
        var replicationFactor: Int
        var file: String
        var answers: [Answer]
    }

    private static let fixture = (try? JSON(parsing: Checkout.read("Tests/Fixtures/hashring/thanos.json"))) ?? .null

    static let rings: [Rings] = (fixture["rings"]?.array ?? []).map { ring in
        Rings(
            testDescription: ring["name"]?.string ?? "", algorithm: ring["algorithm"]?.string ?? "",
            replicationFactor: ring["replication_factor"]?.int ?? 0, file: ring["file"]?.text() ?? "",
            answers: (ring["answers"]?.array ?? []).compactMap { answer in
                guard let copies = answer["copies"]?.array else { return nil }
                return Rings.Answer(
                    tenant: answer["tenant"]?.string ?? "", series: answer["series"]?.int ?? 0,
                    copies: copies.compactMap(\.string))
            })
    }

    private static let series: [SeriesLabels] = (fixture["series"]?.array ?? []).map { labels in
        SeriesLabels(
            Dictionary((labels.array ?? []).map { ($0[0]?.string ?? "", $0[1]?.string ?? "") }) { $1 })
    }

    private static func flags(_ rings: Rings) -> [String] {
        // Thanos's flag has two values; the file names other algorithms itself.
        let algorithm = rings.algorithm == "ketama" ? "ketama" : "hashmod"
        return ["--replication-factor", "\(rings.replicationFactor)", "--algorithm", algorithm]
    }

    @Test(arguments: rings)
    func `The command route prints the receiver that Thanos picks for each copy`(rings: Rings) async throws {
        #expect(!rings.answers.isEmpty)
        let count = rings.answers.count
        for index in stride(from: 0, to: count, by: max(1, count / 6)) {
            let answer = rings.answers[index]
            let outcome = try await Tool.run(
                ["route", "--tenant", answer.tenant, "--series", Self.series[answer.series].description]
                    + Self.flags(rings) + ["-"], input: rings.file)
            #expect(outcome.code == 0, "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n")
            let copies = lines.filter { $0.hasPrefix("  copy ") }.map { line in
                line.split(separator: " ").dropFirst(2).first.map(String.init) ?? ""
            }
            #expect(copies == answer.copies, "\(answer.tenant), \(Self.series[answer.series])")
            #expect(lines.first?.hasPrefix("tenant \"\(answer.tenant)\": hashring ") == true)
        }
    }

    private static let two = """
        [{"hashring": "hard", "tenants": ["tenant-a"], "algorithm": "ketama",
          "endpoints": [{"address": "h-0:10901", "az": "a"}, {"address": "h-1:10901", "az": "b"}]},
         {"hashring": "soft", "algorithm": "ketama", "endpoints": ["s-0:10901", "s-1:10901", "s-2:10901"]}]
        """

    @Test func `The command route without a series prints the tenant's hashring and all its receivers`() async throws {
        let outcome = try await Tool.run("route", "--tenant", "tenant-a", "-", input: Self.two)
        #expect(
            outcome.output == """
                tenant "tenant-a": hashring "hard", 1 of 2 in the file, ketama, 2 endpoints
                  h-0:10901 (zone a)
                  h-1:10901 (zone b)

                """)
        // A proxy that sends "a" for "tenant-a" sends its series to the soft hashring.
        let other = try await Tool.run("route", "--tenant", "a", "-", input: Self.two)
        #expect(other.output.hasPrefix("tenant \"a\": hashring \"soft\", 2 of 2 in the file, ketama, 3 endpoints\n"))
        #expect(outcome.code == 0 && other.code == 0)
    }

    @Test func `The command route without a hashring for the tenant prints one line and exits with 1`() async throws {
        let nobody = try await Tool.run(
            "route", "--tenant", "b", "-", input: #"[{"tenants": ["a"], "endpoints": ["r-0:10901"]}]"#)
        #expect(nobody.code == 1)
        #expect(nobody.output == "")
        #expect(nobody.errors == "error: no hashring serves tenant \"b\": its requests fail\n")
        let broken = try await Tool.run("route", "--tenant", "b", "-", input: "[{]")
        #expect(broken.code == 1)
        #expect(
            broken.errors
                == "<stdin>:1:3: error: not valid JSON: expected a member name in quotes: receivers refuse "
                + "the file or misread it\n")
    }

    // MARK: - diff-rings

    private static func file(_ count: Int, _ more: String = "") -> String {
        let endpoints = (0..<count).map { "\"receive-\($0).r:10901\"" }.joined(separator: ", ")
        return "[{\"endpoints\": [\(endpoints)]\(more)}]"
    }

    private func difference(_ old: String, _ new: String, _ flags: [String]) async throws -> Tool.Outcome {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        return try await Tool.run(
            ["diff-rings"] + flags + [try folder.write("old.json", old), try folder.write("new.json", new)])
    }

    @Test func `The command diff-rings prints the share of series that moves`() async throws {
        let hashmod = try await difference(Self.file(4), Self.file(5), ["--algorithm", "hashmod"])
        // One hash value in five keeps its remainder. The share is an estimate from a sample.
        let end = " % of series move: hashring \"#1\" (4 endpoints) → hashring \"#1\" (5 endpoints)\n"
        #expect(hashmod.output.hasPrefix("any other tenant: ") && hashmod.output.hasSuffix(end), "\(hashmod.output)")
        let share = try #require(Double(hashmod.output.dropFirst(18).dropLast(end.count)))
        #expect(abs(share - 80) < 1)
        let same = try await difference(Self.two, Self.two, ["--replication-factor", "2"])
        #expect(
            same.output == """
                "tenant-a": 0.0 % of series move, 0.0 % of copies: hashring "hard" (2 endpoints) → hashring "hard" (2 endpoints)
                any other tenant: 0.0 % of series move, 0.0 % of copies: hashring "soft" (3 endpoints) → hashring "soft" (3 endpoints)

                """)
        let moved = try await difference(
            Self.two, Self.two.replacing("\"tenant-a\"", with: "\"tenant-b\"", maxReplacements: 1), [])
        #expect(
            moved.output == """
                "tenant-a": 100.0 % of series move: hashring "hard" (2 endpoints) → hashring "soft" (3 endpoints)
                "tenant-b": 100.0 % of series move: hashring "soft" (3 endpoints) → hashring "hard" (2 endpoints)
                any other tenant: 0.0 % of series move: hashring "soft" (3 endpoints) → hashring "soft" (3 endpoints)

                """)
        #expect([hashmod.code, same.code, moved.code] == [0, 0, 0])
    }

    @Test(arguments: [
        (0, "0.0 %"), (1e-9, "<0.1 %"), (0.0004, "<0.1 %"), (0.25, "25.0 %"), (0.9996, ">99.9 %"), (1, "100.0 %"),
    ])
    func `Only a share of nothing reads as 0 %, and only one of everything as 100 %`(share: Double, text: String) {
        #expect(DiffRingsCommand.percent(share) == text)
    }

    @Test func `The command diff-rings prints about the share of series that Thanos moves`() async throws {
        let three = Self.rings.filter { $0.replicationFactor == 3 }
        #expect(three.count >= 4)
        for (old, new) in zip(three, three.dropFirst()) {
            var flags = Self.flags(old)
            // There is one flag for both files, so each file names its own algorithm.
            flags[flags.count - 1] = "ketama"
            func named(_ rings: Rings) -> String {
                rings.algorithm == "ketama"
                    ? rings.file
                    : rings.file.replacing("{", with: "{\"algorithm\":\"\(rings.algorithm)\",", maxReplacements: 1)
            }
            let outcome = try await difference(named(old), named(new), flags)
            let share = outcome.output.firstRange(of: ": ").flatMap { start in
                Double(outcome.output[start.upperBound...].prefix { $0 != " " })
            }
            let pairs = old.answers.compactMap { answer in
                new.answers.first { $0.tenant == answer.tenant && $0.series == answer.series }.map { (answer, $0) }
            }
            let moved = pairs.count { !Set($1.copies).isSubset(of: $0.copies) }
            // Thanos was asked about some dozens of series: their share is accurate to a fifth.
            #expect(pairs.count >= 36)
            let said = try #require(share, "\(outcome.output) \(outcome.errors)") / 100
            #expect(
                abs(said - Double(moved) / Double(pairs.count)) < 0.2,
                "\(old.testDescription) → \(new.testDescription): \(outcome.output), Thanos \(moved) of \(pairs.count)")
        }
    }

    @Test func `The command diff-rings with a file that does not exist exits with 1`() async throws {
        let outcome = try await Tool.run("diff-rings", "nowhere.json", "-", input: Self.two)
        #expect(outcome.code == 1)
        #expect(outcome.errors == "nowhere.json: error: no such file or folder\n")
    }
}
