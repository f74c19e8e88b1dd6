import Kube
import Testing
import YAML

@testable import Hashring

/// One case for each known problem of Thanos Receive.
@Suite("Known problems of Thanos Receive")
struct RowTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var file: String
        /// The severity and field of each finding, in order; "refused" if the text is not a hashring file.
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
            name: "a shard larger than the hashring", file: "[\(ring(2, sharded(3)))]",
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
            name: "overrides while sharding is off",
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
            name: "an unknown matcher, and no other hashring serves the tenants",
            file: #"[\#(ring(1, #","tenants":["a"],"tenant_matcher_type":"regex""#))]"#,
            found: ["error [0].tenant_matcher_type", "warning the object"]),
        Row(
            name: "an unknown matcher, and the next hashring serves the tenants",
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
            name: "a tenant that an earlier pattern matches",
            file: #"[\#(ring(1, #","tenants":["a*"],"tenant_matcher_type":"glob""#)),"#
                + #"\#(ring(1, #","tenants":["ab"]"#)),\#(ring(1))]"#,
            found: ["warning [1].tenants[0]"]),
        Row(
            name: "no hashring for some tenants", file: #"[\#(ring(1, #","tenants":["a"]"#))]"#,
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
            name: "sharding is disabled first", file: "[\(ring(4, #","hashring":"s""#))]", found: [],
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
            name: "shards that ignore zones and may be too uneven",
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
            name: "a tenant with a space at its end", file: #"[\#(ring(1, #","tenants":["a "]"#)),\#(ring(1))]"#,
            found: ["warning [0].tenants[0]"]),
        Row(
            name: "a byte order mark", file: "\u{FEFF}[\(ring(1))]", found: ["refused"]),
    ]

    @Test(arguments: rows) func `Each known problem of Thanos Receive is found with its field`(row: Row) {
        guard let file = try? HashringFile(parsing: row.file) else {
            #expect(row.found == ["refused"])
            return
        }
        let findings = file.validate(
            replicationFactor: row.copies, defaultAlgorithm: row.algorithm, previous: row.previous, text: row.file,
            routers: row.routers)
        #expect(findings.map { "\($0.severity.rawValue) \($0.field)" } == row.found, "\(findings)")
    }

    @Test func `Findings and errors have a line and a column, in whatever case names are written`() {
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
