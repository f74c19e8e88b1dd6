import FoundationEssentials
import Kube
import Testing

@testable import Hashring

/// Compares with values that Thanos itself printed; the fixture names its version.
@Suite("Routing compared with Thanos")
struct RoutingTests {
    struct Answer: Sendable {
        var ring: String
        var file: HashringFile
        var algorithm: Algorithm
        var replicationFactor: Int
        var answers: [JSON]
    }

    static let fixture: JSON = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let bytes = try? Data(contentsOf: folder.appending(path: "Fixtures/hashring/thanos.json"))
        return bytes.flatMap { try? JSON(parsing: Array($0)) } ?? .null
    }()

    static let series = (fixture["series"]?.array ?? []).map { labels in
        SeriesLabels(
            Dictionary(
                (labels.array ?? []).map { ($0[0]?.string ?? "", $0[1]?.string ?? "") }, uniquingKeysWith: { $1 }))
    }

    static let rings = fixture["rings"]?.array ?? []

    @Test func `The hash is XXH64`() throws {
        let vectors = try #require(Self.fixture["xxh64"]?.array)
        #expect(vectors.count == 14)
        for vector in vectors {
            let text = try #require(vector[0]?.string)
            #expect(String(XXH64.hash(Array(text.utf8)), radix: 16) == Self.trimmed(vector[1]), "\(text.utf8.count)")
        }
    }

    @Test func `Random numbers equal those of Go`() throws {
        let draws = try #require(Self.fixture["rand"]?.array)
        #expect(draws.count == 10)
        for draw in draws {
            var random = GoRandom(seed: try #require(draw["seed"]?.string.flatMap { Int64($0) }))
            var values: [String] = []
            for index in 0..<1300 {
                let value = random.next()
                if [0, 1, 2, 606, 607, 1299].contains(index) { values.append(String(value, radix: 16)) }
            }
            #expect(values == draw["values"]?.array?.map(Self.trimmed))
        }
    }

    @Test(arguments: rings.indices)
    func `Tenants and series go to the receivers that Thanos picks`(index: Int) throws {
        let expected = Self.rings[index]
        let file = try HashringFile(json: try #require(expected["file"]))
        var router = HashringRouter(
            file, replicationFactor: try #require(expected["replication_factor"]?.int),
            defaultAlgorithm: Algorithm(rawValue: try #require(expected["algorithm"]?.string)))
        let answers = try #require(expected["answers"]?.array)
        #expect(answers.count >= 36)
        for answer in answers {
            let tenant = try #require(answer["tenant"]?.string)
            let series = Self.series[try #require(answer["series"]?.int)]
            #expect(String(series.hash(tenant: tenant), radix: 16) == Self.trimmed(answer["hash"]))
            let route = Result { () throws(RoutingError) in try router.route(tenant: tenant) }
            let copies = try? route.get().copies(of: series, tenant: tenant).map { JSON($0.address) }
            #expect(
                copies.map(JSON.array) == answer["copies"],
                "\(expected["name"] ?? .null), \(tenant), \(series): \(route)")
        }
    }

    static func trimmed(_ hexadecimal: JSON?) -> String? {
        hexadecimal?.string.flatMap { UInt64($0, radix: 16) }.map { String($0, radix: 16) }
    }
}

@Suite("Tenants without a route")
struct RoutingFaultTests {
    func fault(_ text: String, tenant: String = "a", copies: Int = 1) throws -> String? {
        var router = HashringRouter(
            try HashringFile(parsing: text), replicationFactor: copies, defaultAlgorithm: .ketama)
        return (#expect(throws: RoutingError.self) { try router.route(tenant: tenant) })?.description
    }

    @Test func `A tenant whose requests Thanos would fail gets the reason`() throws {
        #expect(
            try fault(#"[{"tenants":["b"],"endpoints":["x:1"]}]"#)
                == "no hashring serves tenant \"a\": its requests fail")
        #expect(
            try fault(#"[{"hashring":"h","endpoints":["x:1"]}]"#, copies: 2)
                == "hashring \"h\": the hashring has 1 endpoint, too few for replication factor 2")
        #expect(
            try fault(#"[{"tenants":["a["],"tenant_matcher_type":"glob","endpoints":["x:1"]}]"#)?.hasPrefix(
                "hashring \"#1\": \"a[\" is not a valid pattern") == true)
        let zones =
            #"[{"endpoints":["# + (0..<5).map { #"{"address":"x\#($0):1","az":"a"},"# }.joined()
            + #"{"address":"y:1","az":"b"}]}]"#
        #expect(try fault(zones, copies: 4)?.hasSuffix("too uneven for 4 copies: receivers hang") == true)
    }

    @Test func `Series are read in PromQL syntax`() throws {
        #expect(try SeriesLabels(parsing: "up").description == #"{__name__="up"}"#)
        #expect(
            try SeriesLabels(parsing: #" up { job = "a\"b", instance='x', } "#).description
                == #"{__name__="up", instance="x", job="a\"b"}"#)
        #expect(try SeriesLabels(parsing: #"{"my.metric","a.b"="c"}"#).labels.map(\.name) == ["__name__", "a.b"])
        #expect(try SeriesLabels(parsing: "{}").labels.isEmpty)
        for text in ["", "{", "up{a}", #"up{a="b"}x"#, #"{a="b",a="c"}"#, #"{a="b"#, "{a=b}", #"{a!="b"}"#] {
            #expect(throws: SeriesSyntaxError.self, "\(text)") { try SeriesLabels(parsing: text) }
        }
    }
}

@Suite("Differences between hashring files")
struct DifferenceTests {
    func file(_ counts: [Int], tenants: [[String]] = [[]], algorithm: Algorithm = .ketama) -> HashringFile {
        HashringFile(
            zip(counts, tenants).enumerated().map { index, ring in
                Hashring(
                    name: "h\(index)", tenants: ring.1,
                    endpoints: (0..<ring.0).map { Endpoint(address: "r\(index)-\($0):1") }, algorithm: algorithm)
            })
    }

    @Test func `Another receiver moves few series with ketama and most with hashmod`() throws {
        let ketama = HashringDifference.between(file([4]), file([5]), replicationFactor: 1)
        #expect(ketama.count == 1 && ketama[0].tenants == [nil])
        #expect(abs(ketama[0].movedSeries - 0.2) < 0.02)
        let hashmod = HashringDifference.between(
            file([4], algorithm: .hashmod), file([5], algorithm: .hashmod), replicationFactor: 1)
        #expect(abs(hashmod[0].movedSeries - 0.8) < 0.01)
        #expect(HashringDifference.between(file([4]), file([4]), replicationFactor: 3)[0].movedSeries == 0)
    }

    @Test func `Tenants that share their hashrings share a line`() {
        let old = file([3, 2], tenants: [["a", "b"], []])
        let new = file([3, 2], tenants: [["a"], []])
        let lines = HashringDifference.between(old, new, replicationFactor: 1)
        #expect(lines.map(\.tenants) == [["a"], ["b"], [nil]])
        #expect(lines.map(\.movedSeries) == [0, 1, 0])
        #expect(lines[1].old == "hashring \"h0\" (3 endpoints)" && lines[1].new == "hashring \"h1\" (2 endpoints)")
    }
}
