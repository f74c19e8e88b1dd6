import Kube
import Testing
import YAML

@testable import Hashring

/// What hurts Thanos Receive, one case for each thing that is known to.
struct RowTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var file: String
        /// Each finding's severity and field, in order; "refused" where the text is no hashring file.
        var found: [String]
        var copies = 1
        var algorithm = Algorithm.ketama
        var previous: String?
        var routers: Set<String> = []

        var testDescription: String { name }
    }

    static func ring(_ count: Int, _ more: String = "", zones: [String] = []) -> String {
        let endpoints = (0..<count).map { index in
            zones.isEmpty ? "\"r\(index):1\"" : #"{"address":"r\#(index):1","az":"\#(zones[index % zones.count])"}"#
        }
        return "{\"endpoints\":[\(endpoints.joined(separator: ","))]\(more)}"
    }

    static func sharded(_ size: Int, _ more: String = "", name: String = "s") -> String {
        #","hashring":"\#(name)","shuffle_sharding_config":{"shard_size":\#(size)\#(more)}"#
    }

    static let rows: [Row] = [
        Row(name: "nothing is wrong", file: "[\(ring(1))]", found: []),
        Row(name: "not JSON", file: "[{]", found: ["refused"]),
        Row(name: "an endpoint with an empty address", file: #"[{"endpoints":[""]}]"#, found: ["refused"]),
        Row(name: "wrong types", file: #"[{"tenants":"a"}]"#, found: ["refused"]),
        Row(name: "an empty list", file: "[]", found: ["error the object"]),
        Row(name: "null", file: "null", found: ["error the object"]),
        Row(name: "an empty file", file: "", found: ["error the object"]),
        Row(name: "an empty ring with hashmod", file: "[{}]", found: ["error [0].endpoints"], algorithm: .hashmod),
        Row(name: "an empty ring with ketama", file: "[{}]", found: ["error [0].endpoints"]),
        Row(name: "null for a ring", file: "[null]", found: ["error [0].endpoints"]),
        Row(
            name: "ketama, fewer endpoints than copies", file: "[\(ring(2))]", found: ["error [0].endpoints"], copies: 3
        ),
        Row(
            name: "hashmod, fewer endpoints than copies", file: "[\(ring(2))]", found: ["error [0].endpoints"],
            copies: 3, algorithm: .hashmod),
        Row(
            name: "a zone with hashmod", file: "[\(ring(2, zones: ["", "b"]))]", found: ["error [0].endpoints[1].az"],
            algorithm: .hashmod),
        Row(
            name: "shuffle sharding with hashmod", file: "[\(ring(2, sharded(1)))]",
            found: ["error [0].shuffle_sharding_config.shard_size"], algorithm: .hashmod),
        Row(
            name: "a shard of more than all endpoints", file: "[\(ring(2, sharded(3)))]",
            found: ["error [0].shuffle_sharding_config.shard_size"]),
        Row(
            name: "zones too uneven", file: "[\(ring(5, zones: ["a", "a", "a", "a", "b"]))]",
            found: ["error [0].endpoints"], copies: 4),
        Row(
            name: "a shard that a zone has too few endpoints for",
            file: "[\(ring(5, sharded(4), zones: ["a", "a", "a", "a", "b"]))]",
            found: ["error [0].shuffle_sharding_config.shard_size"]),
        Row(
            name: "an override that a zone has too few endpoints for",
            file: "["
                + ring(
                    5, sharded(2, #","overrides":[{"shard_size":4,"tenants":["a"],"tenant_matcher_type":"exact"}]"#),
                    zones: ["a", "a", "a", "a", "b"]) + "]",
            found: ["error [0].shuffle_sharding_config.overrides[0].shard_size"]),
        Row(
            name: "a shard smaller than the copies", file: "[\(ring(4, sharded(1)))]",
            found: ["error [0].shuffle_sharding_config.shard_size"], copies: 2),
        Row(
            name: "an override without tenant_matcher_type",
            file: "[\(ring(4, sharded(2, #","overrides":[{"shard_size":3,"tenants":["a"]}]"#)))]",
            found: ["warning [0].shuffle_sharding_config.overrides[0].tenant_matcher_type"]),
        Row(
            name: "overrides where sharding is off",
            file: "[\(ring(4, sharded(0, #","overrides":[{"shard_size":3,"tenants":["a"]}]"#)))]",
            found: ["warning [0].shuffle_sharding_config.shard_size"]),
        Row(
            name: "an unknown algorithm", file: #"[\#(ring(1, #","algorithm":"Ketama""#))]"#,
            found: ["warning [0].algorithm"]),
        Row(
            name: "an unknown algorithm with zones", file: #"[\#(ring(1, #","algorithm":"Ketama""#, zones: ["a"]))]"#,
            found: ["warning [0].algorithm", "error [0].endpoints[0].az"]),
        Row(
            name: "an unknown algorithm with shards",
            file: #"[\#(ring(2, #","algorithm":"Ketama""# + sharded(1)))]"#,
            found: ["warning [0].algorithm", "error [0].shuffle_sharding_config.shard_size"]),
        Row(
            name: "an unknown matcher, and nobody else takes the tenants",
            file: #"[\#(ring(1, #","tenants":["a"],"tenant_matcher_type":"regex""#))]"#,
            found: ["error [0].tenant_matcher_type", "warning the object"]),
        Row(
            name: "an unknown matcher, and the next ring takes the tenants",
            file: #"[\#(ring(1, #","tenants":["a"],"tenant_matcher_type":"regex""#)),\#(ring(1))]"#,
            found: ["warning [0].tenant_matcher_type"]),
        Row(
            name: "a malformed pattern",
            file: #"[\#(ring(1, #","tenants":["ok*","a["],"tenant_matcher_type":"glob""#)),\#(ring(1))]"#,
            found: ["error [0].tenants[1]"]),
        Row(
            name: "the catch-all is not last", file: #"[\#(ring(1)),\#(ring(1, #","tenants":["a"]"#))]"#,
            found: ["warning [1]"]),
        Row(
            name: "a tenant in two rings",
            file: #"[\#(ring(1, #","tenants":["a"]"#)),\#(ring(1, #","tenants":["b","a"]"#)),\#(ring(1))]"#,
            found: ["warning [1].tenants[1]"]),
        Row(
            name: "a tenant that a pattern before takes",
            file: #"[\#(ring(1, #","tenants":["a*"],"tenant_matcher_type":"glob""#)),"#
                + #"\#(ring(1, #","tenants":["ab"]"#)),\#(ring(1))]"#,
            found: ["warning [1].tenants[0]"]),
        Row(
            name: "no ring for some tenants", file: #"[\#(ring(1, #","tenants":["a"]"#))]"#,
            found: ["warning the object"]),
        Row(
            name: "a router without a local endpoint", file: "[\(ring(2))]", found: ["error [0].endpoints[1].address"],
            routers: ["r1:1"]),
        Row(
            name: "white space changes while a sharded ring keeps its name", file: "[\(ring(4, sharded(2)))]",
            found: ["error [0].hashring"], previous: "[\(ring(4, sharded(2)))] "),
        Row(
            name: "the same text with a sharded ring", file: "[\(ring(4, sharded(2)))]", found: [],
            previous: "[\(ring(4, sharded(2)))]"),
        Row(
            name: "a sharded ring gets another name", file: "[\(ring(3, sharded(2)))]", found: [],
            previous: "[\(ring(4, sharded(2, name: "t")))]"),
        Row(
            name: "sharding is switched off first", file: "[\(ring(4, #","hashring":"s""#))]", found: [],
            previous: "[\(ring(4, sharded(2)))]"),
        Row(
            name: "two sharded rings of one name",
            file: "[\(ring(4, sharded(2) + #","tenants":["a"]"#)),\(ring(4, sharded(2)))]",
            found: ["error [1].hashring"]),
        Row(
            name: "an override of 0",
            file: "["
                + ring(
                    4, sharded(2, #","overrides":[{"shard_size":0,"tenants":["a"],"tenant_matcher_type":"exact"}]"#))
                + "]", found: ["error [0].shuffle_sharding_config.overrides[0].shard_size"]),
        Row(
            name: "a negative override",
            file: "["
                + ring(
                    4, sharded(2, #","overrides":[{"shard_size":-1,"tenants":["a"],"tenant_matcher_type":"glob"}]"#))
                + "]", found: ["error [0].shuffle_sharding_config.overrides[0].shard_size"]),
        Row(
            name: "a huge override",
            file: "["
                + ring(
                    4,
                    sharded(
                        2,
                        #","overrides":[{"shard_size":4611686018427387904,"tenants":["a"],"#
                            + #""tenant_matcher_type":"exact"}]"#)) + "]",
            found: ["error [0].shuffle_sharding_config.overrides[0].shard_size"]),
        Row(
            name: "shards without regard to zones that may be too uneven",
            file: "[\(ring(10, sharded(5, #","zone_awareness_disabled":true"#), zones: ["a", "b"]))]",
            found: ["error [0].shuffle_sharding_config.shard_size"], copies: 4),
        Row(
            name: "names in Unicode case", file: #"[{"Endpointſ":["x:1"]}]"#, found: []),
        Row(name: "endpoints twice", file: #"[{"endpoints":["x:1"],"ENDPOINTS":["y:1"]}]"#, found: ["refused"]),
        Row(
            name: "nested too deep",
            file: "[{\"x\":" + String(repeating: "[", count: 10_001) + String(repeating: "]", count: 10_001) + "}]",
            found: ["refused"]),
        Row(
            name: "labels on a catch-all", file: #"[\#(ring(1, #","external_labels":{"a":"b"}"#))]"#,
            found: ["warning [0].external_labels"]),
        Row(
            name: "labels on patterns",
            file: #"[\#(ring(1, #","tenants":["a*"],"tenant_matcher_type":"glob","external_labels":{"a":"b"}"#)),"#
                + "\(ring(1))]", found: ["warning [0].external_labels"]),
        Row(
            name: "a tenant that is a directory", file: #"[\#(ring(1, #","tenants":[".."]"#)),\#(ring(1))]"#,
            found: ["error [0].tenants[0]"]),
        Row(
            name: "a tenant with a blank at its end", file: #"[\#(ring(1, #","tenants":["a "]"#)),\#(ring(1))]"#,
            found: ["warning [0].tenants[0]"]),
        Row(
            name: "a byte order mark", file: "\u{FEFF}[\(ring(1))]", found: ["refused"]),
    ]

    @Test(arguments: rows) func `what hurts Thanos is found where it stands`(row: Row) {
        guard let file = try? HashringFile(parsing: row.file) else {
            #expect(row.found == ["refused"])
            return
        }
        let findings = file.validate(
            replicationFactor: row.copies, defaultAlgorithm: row.algorithm, previous: row.previous, text: row.file,
            routers: row.routers)
        #expect(findings.map { "\($0.severity.rawValue) \($0.field)" } == row.found, "\(findings)")
    }

    @Test func `findings and faults have their line and column, whatever the case of names`() {
        let text = "[\n\t{\"a\\u0062\": 1,\n  \"Tenants\" : [\"é\", \"x\"],\"endpoints\":[ {\"address\": 3}]}\n]"
        let positions = HashringPositions(Array(text.utf8))
        func position(_ steps: FieldPath.Step...) -> String {
            let position = positions.position(of: FieldPath(steps))
            return "\(position.line):\(position.column)"
        }
        #expect(position() == "1:1")
        #expect(position(.index(0)) == "2:2")
        #expect(position(.index(0), .key("ab")) == "2:3")
        #expect(position(.index(0), .key("tenants"), .index(1)) == "3:21")
        #expect(position(.index(0), .key("endpoints"), .index(0), .key("address")) == "3:41")
        #expect(position(.index(0), .key("endpoints"), .index(7)) == "3:26")
        #expect(position(.index(0), .key("nothing")) == "2:2")
        let error = #expect(throws: HashringFileError.self) { try HashringFile(parsing: text) }
        #expect(error?.place == .field(FieldPath([.index(0), .key("endpoints"), .index(0), .key("address")])))
    }
}

struct LimitsTests {
    func findings(
        _ text: String, _ environment: [String: String] = [:], previous: LimitsFile? = nil
    ) throws -> [String] {
        try LimitsFile.read(Array(text.utf8), environment: environment, previous: previous).findings.map {
            "\($0.position) \($0.finding.severity.rawValue) \($0.finding.field)"
        }
    }

    @Test func `a limits file is read, and what is written is read again the same`() throws {
        let file = LimitsFile(
            maxConcurrency: 10, metaMonitoringURL: "http://prometheus:9090",
            metaMonitoringHTTPClient: ["bearer_token": "x"], defaults: .init(requestSeries: 5, headSeries: 100),
            tenants: ["a": .init(), "1": .init(requestBytes: 0, requestSamples: 7)])
        let reading = try LimitsFile.read(Array(file.encoded().utf8))
        #expect(reading.file == file)
        #expect(reading.findings == [])
        #expect(file.encoded().contains("a: {}"))
        #expect(try LimitsFile.read(Array(LimitsFile().encoded().utf8)).file == LimitsFile())
    }

    @Test(arguments: [
        ("wite: {}", ["1:1 error wite"]),
        ("write:\n  tenants:\n    a:\n", ["3:5 error write.tenants.a"]),
        ("write: {global: {meta_monitoring_url: 'localhost:9090'}}", ["1:18 error write.global.meta_monitoring_url"]),
        ("write: {global: {meta_monitoring_url: /x}}", ["1:18 error write.global.meta_monitoring_url"]),
        ("write: {global: {meta_monitoring_url: 'http://h:x'}}", ["1:18 error write.global.meta_monitoring_url"]),
        ("write: {default: {request: {series_limit: 1.5}}}", ["1:29 warning write.default.request.series_limit"]),
        ("write: {default: {request: {series_limit: '5'}}}", ["1:29 error write.default.request.series_limit"]),
        ("write: {default: {request: {series_limit: -5}}}", ["1:29 warning write.default.request.series_limit"]),
        ("write: {default: {head_series_limit: -5}}", ["1:19 error write.default.head_series_limit"]),
        ("write: {default: {head_series_limit: 5}}", ["1:1 warning write"]),
        ("write: {}\n---\nwrite: {}\n", ["3:1 warning the object"]),
        ("\u{FEFF}write: {}", []),
        ("", ["1:1 warning the object"]),
        ("write: {tenants: {a/b: {}}}", ["1:19 warning write.tenants[\"a/b\"]"]),
        ("write: {tenants: {a*: {}}}", ["1:19 warning write.tenants.a*"]),
        ("write: {tenants: {yes: {}}}", ["1:19 warning write.tenants.true"]),
        ("write: {tenants: {12: {}, 'true': {}}}", []),
    ])
    func `each trap of the limits file is found where it stands`(text: String, found: [String]) throws {
        #expect(try findings(text) == found)
    }

    @Test func `a client that cannot be made is an error once head series are limited`() throws {
        func text(_ client: String, head: Int) -> String {
            "write: {global: {meta_monitoring_url: 'http://h', meta_monitoring_http_client: \(client)}, "
                + "default: {head_series_limit: \(head)}}"
        }
        let both = "{bearer_token: a, bearer_token_file: b}"
        #expect(try findings(text(both, head: 1)).first?.contains(" error ") == true)
        #expect(try findings(text(both, head: 0)).first?.contains(" warning ") == true)
        #expect(
            try findings(text("{tls_config: {ca_file: /ca}}", head: 1)).first?.hasSuffix("tls_config.ca_file") == true)
        #expect(try findings(text("{tls_config: {ca_file: /ca}}", head: 0)) == [])
        #expect(try findings(text("{tls_config: {cert_file: /c}}", head: 1)).contains { $0.contains(" error ") })
        #expect(try findings(text("{tls: {}}", head: 0)).first?.contains(" error ") == true)
    }

    @Test func `a variable that is not set is refused, in comments too`() throws {
        #expect(try findings("write: {global: {max_concurrency: $(N)}}", ["N": "3"]) == [])
        let error = #expect(throws: YAMLError.self) { try findings("write: {}\n# é $(N_1)", ["N": "3"]) }
        #expect(error?.position == YAMLPosition(line: 2, column: 5))
        #expect(try findings("write: {} # $(a-b) $() $(") == [])
    }

    @Test func `keys given twice are refused`() {
        #expect(throws: YAMLError.self) { try findings("write: {}\nwrite: {}") }
    }

    @Test func `what only a restart changes is pointed out`() throws {
        let before = LimitsFile(maxConcurrency: 5, defaults: .init(headSeries: 5))
        #expect(try findings("write: {}", previous: before).count == 2)
        let text = "write: {global: {meta_monitoring_url: 'http://h'}, default: {head_series_limit: 5}}"
        #expect(try findings(text, previous: LimitsFile()) == ["1:18 warning write.global.meta_monitoring_url"])
    }

    @Test func `limits on head series without the URL that receivers count by end those that did count`() throws {
        let before = LimitsFile(metaMonitoringURL: "http://h", defaults: .init(headSeries: 5))
        let found = try findings("write: {default: {head_series_limit: 5}}", previous: before)
        #expect(found.contains { $0.hasSuffix("error write.global.meta_monitoring_url") }, "\(found)")
        #expect(try !findings("write: {}", previous: before).contains { $0.contains("error") })
    }
}
