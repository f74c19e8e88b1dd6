import Kube
import Testing

@testable import Hashring

/// Numbers and strings that no one writes on purpose, but that any file may have.
enum Nasty {
    /// Integers at the ends of what programs count with.
    static let integers: [Int] = [
        0, 1, -1, 2, 5000, 5001, Int(Int32.max), Int(Int32.max) + 1, 1 << 53, .max / 1000, .max / 2, .max / 2 + 1,
        .max - 1, .max, .min, .min + 1, .min / 2,
    ]

    /// JSON values that may stand where a number is expected.
    static let values: [String] =
        integers.map(String.init) + [
            "9223372036854775808", "-9223372036854775809", "18446744073709551616", "1e400", "-1e400", "1e-400", "-0",
            "1.5", "1e18", String(repeating: "9", count: 400), "\"3\"", "\"\"", "null", "true", "[]", "[0]", "{}",
        ]

    /// Strings that may stand for a name, an address, a tenant or a pattern.
    static let strings: [String] = [
        "", " ", ".", "..", "-", "-.", "--", ":", "/", "[", "a[", "[]", "[^]", "\\", "*", "\0", "a\0b", "a\nb",
        "\u{FEFF}", "\u{2028}", "\u{10FFFF}", "é", "%00", "$(POD_NAME)", "[::1]:10901", "r-", "r--1", "r-+1", "r-01",
        "r-9223372036854775807", "r-9223372036854775807.r.o11y.svc:10901", "r-9223372036854775808.r.o11y.svc:10901",
        "r-2000000.r.o11y.svc.cluster.local:10901", "r--9223372036854775808.r.o11y.svc:1", ".r.o11y.svc:1",
        String(repeating: "*a", count: 200) + "b", String(repeating: "x", count: 3000),
        String(repeating: "é", count: 1000),
    ]
}

@Suite("Hostile hashring files")
struct HostileFileTests {
    static let zones = #"[{"address":"a-0:1","az":"a"},{"address":"a-1:1","az":"a"},{"address":"b-0:1","az":"b"}]"#

    /// Everything that a file goes through: validation, routes, and the difference to another file.
    private func use(_ text: String, copies: Int = 1, algorithm: Algorithm = .ketama, tenants: [String] = ["a"]) {
        guard let file = try? HashringFile(parsing: text) else { return }
        for finding in file.validate(replicationFactor: copies, defaultAlgorithm: algorithm, previous: text + " ") {
            #expect(!finding.description.contains("\n"), "\(finding)")
        }
        var router = HashringRouter(file, replicationFactor: copies, defaultAlgorithm: algorithm)
        for tenant in tenants {
            guard let route = try? router.route(tenant: tenant) else { continue }
            #expect(route.copies(forHash: .max).count <= route.endpoints.count)
        }
        #expect((try? HashringFile(parsing: file.encoded())) == file)
    }

    @Test(arguments: Nasty.values)
    func `No number in a shuffle sharding configuration ends the program`(value: String) {
        for zones in [Self.zones, #"["a-0:1","a-1:1"]"#] {
            for other in ["1", value] {
                use(
                    """
                    [{"hashring":"h","algorithm":"ketama","endpoints":\(zones),"shuffle_sharding_config":{
                    "shard_size":\(other),"cache_size":\(value),
                    "overrides":[{"shard_size":\(value),"tenants":["a"],"tenant_matcher_type":"exact"}]}}]
                    """, tenants: ["a", "b"])
            }
        }
    }

    @Test(arguments: Nasty.integers)
    func `No replication factor ends the program`(copies: Int) {
        for algorithm in [Algorithm.ketama, .hashmod] {
            use(#"[{"hashring":"h","endpoints":["a-0:1","a-1:1"]}]"#, copies: copies, algorithm: algorithm)
            use(#"[{"hashring":"h","endpoints":\#(Self.zones)}]"#, copies: copies, algorithm: algorithm)
            use(
                #"[{"endpoints":\#(Self.zones),"shuffle_sharding_config":{"shard_size":2,"zone_awareness_disabled":true}}]"#,
                copies: copies, algorithm: algorithm)
        }
    }

    @Test func `No number in a file ends the comparison of two files`() throws {
        let old = try HashringFile(parsing: #"[{"endpoints":\#(Self.zones),"algorithm":"ketama"}]"#)
        for value in [0, -1, 3, 5000, Int.max, .min] {
            var new = old
            new.rings[0].shuffleSharding = ShuffleSharding(shardSize: value, cacheSize: value)
            for copies in [value, 1] {
                let lines = HashringDifference.between(old, new, replicationFactor: copies, defaultAlgorithm: .hashmod)
                #expect(lines.count == 1)
            }
        }
    }

    @Test(arguments: Nasty.strings)
    func `No string in a file ends the program`(string: String) {
        let text = JSON.string(string).text()
        for matcher in ["exact", "glob"] {
            use(
                """
                [{"hashring":\(text),"tenants":[\(text),"a"],"tenant_matcher_type":"\(matcher)",
                "endpoints":[{"address":\(text),"az":\(text),"capnproto_address":\(text)},"a-0:1"],
                "external_labels":{\(text):\(text)},"\(matcher)":\(text)},
                {"endpoints":[\(text)],"algorithm":\(text)},{"tenant_matcher_type":\(text),"tenants":[\(text)]}]
                """, tenants: ["a", string])
        }
        use(string)
        use("[\(text)]")
    }

    @Test(arguments: Nasty.values)
    func `A value of the wrong type is refused with its place, or read as Thanos reads it`(value: String) {
        for field in [
            "hashring", "tenants", "tenant_matcher_type", "endpoints", "algorithm", "external_labels",
            "shuffle_sharding_config",
        ] {
            do throws(HashringFileError) {
                _ = try HashringFile(parsing: "[{\"\(field)\":\(value)}]")
            } catch {
                #expect(error.description.contains(field) || error.description.contains("not valid JSON"))
            }
        }
    }

    @Test(arguments: Nasty.strings)
    func `No address ends a decision about members, and no member is lost`(address: String) {
        let policy = Membership.Policy(
            replicationFactor: 1, leaveAfter: .seconds(Int64.max), maximumStep: .max, stepInterval: .seconds(Int64.max))
        let now = Timestamp(seconds: 1_800_000_000)
        let others = ["r-0.r.o11y.svc:10901", "r-2.r.o11y.svc:10901"].map { Endpoint(address: $0) }
        let replicas = others.enumerated().map { index, endpoint in
            Membership.Replica(
                endpoint: endpoint, pod: "r-\(index)", statefulSet: "r", ordinal: index * Int.max / 2,
                readySince: index == 0 ? now : nil)
        }
        let decision = Membership.decide(
            previous: [Endpoint(address: address)] + others, observed: replicas, policy: policy, now: now,
            lastChange: now)
        #expect(decision.members.contains { $0.address == others[0].address })
    }

    @Test func `Positions are found in text with the deepest nesting`() {
        let depth = 250
        let text =
            "[{\"x\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "},3]"
        let positions = HashringPositions(Array(text.utf8))
        let error = #expect(throws: HashringFileError.self) { try HashringFile(parsing: text) }
        #expect(error?.place == .field(FieldPath([.index(1)])))
        #expect(positions.position(of: FieldPath([.index(1)])).column == text.utf8.count - 1)
    }
}

@Suite("Hostile limits files")
struct HostileLimitsTests {
    @Test(arguments: Nasty.values)
    func `No number in a limits file ends the program`(value: String) throws {
        let text = """
            write:
              global: {max_concurrency: \(value), meta_monitoring_url: 'http://h', meta_monitoring_http_client: {transport_config: {idle_conn_timeout: \(value)}}}
              default: {request: {size_bytes_limit: \(value), series_limit: \(value)}, head_series_limit: \(value)}
              tenants: {a: {request: {samples_limit: \(value)}, head_series_limit: \(value)}, '1': {}}
            """
        let reading = try LimitsFile.read(Array(text.utf8), previous: LimitsFile(maxConcurrency: .max))
        for located in reading.findings { #expect(!located.finding.description.contains("\n")) }
        #expect(try LimitsFile.read(Array(reading.file.encoded().utf8)).file == reading.file)
    }

    @Test(arguments: Nasty.strings)
    func `No string in a limits file ends the program`(string: String) throws {
        let quoted = JSON.string(string).text()
        let text = """
            write:
              global: {meta_monitoring_url: \(quoted), meta_monitoring_limit_query: \(quoted), meta_monitoring_http_client: {bearer_token: \(quoted), proxy_url: \(quoted)}}
              tenants: {\(quoted): {head_series_limit: 1}}
            """
        // Some characters cannot stand in YAML, which is an error like any other.
        guard let reading = try? LimitsFile.read(Array(text.utf8)) else { return }
        #expect(reading.file.tenants.count == 1)
    }
}
