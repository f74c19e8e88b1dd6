import Kube
import Testing

@testable import Hashring

struct FileTests {
    @Test func `a file is written with one tenant and one receiver a line, in Thanos's order`() {
        let file = HashringFile([
            Hashring(
                name: "hashring-0", tenants: ["tenant-a", "tenant-b"],
                endpoints: [Endpoint(address: "r-0.r:10901", zone: "a"), Endpoint(address: "r-1.r:10901")],
                algorithm: .ketama, externalLabels: ["z": "1", "a": "2"],
                shuffleSharding: ShuffleSharding(
                    shardSize: 1, overrides: [.init(shardSize: 2, tenants: ["tenant-a"])])),
            Hashring(name: "default", endpoints: [Endpoint(address: "d-0.d:10901")]),
        ])
        #expect(
            file.encoded() == """
                [
                  {
                    "hashring": "hashring-0",
                    "tenants": [
                      "tenant-a",
                      "tenant-b"
                    ],
                    "endpoints": [
                      {"address":"r-0.r:10901","az":"a"},
                      "r-1.r:10901"
                    ],
                    "algorithm": "ketama",
                    "external_labels": {"a":"2","z":"1"},
                    "shuffle_sharding_config": {"shard_size":1,"overrides":[{"shard_size":2,"tenants":["tenant-a"],"tenant_matcher_type":"exact"}]}
                  },
                  {
                    "hashring": "default",
                    "endpoints": [
                      "d-0.d:10901"
                    ]
                  }
                ]

                """)
        #expect(HashringFile([]).encoded() == "[]\n")
    }

    @Test func `a file can be written as thanos-receive-controller writes it`() {
        let file = HashringFile([Hashring(name: "h", tenants: ["a"], endpoints: [Endpoint(address: "x:1")])])
        #expect(
            file.encoded(.init(writesEndpointsAsObjects: true, isCompact: true))
                == #"[{"hashring":"h","tenants":["a"],"endpoints":[{"address":"x:1","az":""}]}]"#)
    }

    @Test func `what is read and written again stays the same, unknown members too`() throws {
        let text = #"""
            [{"hashring":"h","tenants":["a*"],"tenant_matcher_type":"glob","endpoints":["p:1",{"address":"q:1",
            "capnproto_address":"q:2","az":"z","ordinal":3}],"algorithm":"ketama_static","external_labels":{"l":"v"},
            "shuffle_sharding_config":{"shard_size":2,"cache_size":5,"zone_awareness_disabled":true,"new":1},
            "future":{"x":[1]}}]
            """#
        let file = try HashringFile(parsing: text)
        #expect(file.json() == (try JSON(parsing: text)))
        #expect(try HashringFile(parsing: file.encoded()) == file)
        #expect(file.rings[0].remainder["future"] == ["x": [1]])
        #expect(file.rings[0].endpoints[1].remainder["ordinal"] == 3)
    }

    @Test func `names count in any case and null counts as absent, as Go has it`() throws {
        let file = try HashringFile(
            parsing: #"[{"HASHRING":"h","Endpointſ":["x:1"],"tenants":null,"algorithm":null},null]"#)
        #expect(file.rings == [Hashring(name: "h", endpoints: [Endpoint(address: "x:1")]), Hashring()])
        #expect(try HashringFile(parsing: " \n").rings.isEmpty)
        #expect(try HashringFile(parsing: "null").rings.isEmpty)
    }

    @Test(arguments: [
        ("{", "not valid JSON at byte 1: expected a member name in quotes"),
        ("{}", "the file should be a list of hashrings, not an object"),
        ("[3]", "[0]: should be an object, not an integer"),
        (#"[{"endpoints":[{"az":"a"}]}]"#, "[0].endpoints[0].address: is required and must not be empty"),
        (#"[{"endpoints":["x:1",""]}]"#, "[0].endpoints[1].address: is required and must not be empty"),
        (#"[{"endpoints":"x:1"}]"#, "[0].endpoints: should be a list, not a string"),
        (#"[{"tenants":[1]}]"#, "[0].tenants[0]: should be a string, not an integer"),
        (
            #"[{"shuffle_sharding_config":{"shard_size":1.5}}]"#,
            "[0].shuffle_sharding_config.shard_size: should be an integer, not a number"
        ),
        (#"[{"endpoints":[],"Endpoints":[]}]"#, "[0].Endpoints: is given twice, once in other case"),
        (#"[{"hashring":"a","hashring":"b"}]"#, "not valid JSON at byte 17: the member \"hashring\" is given twice"),
    ])
    func `a file that Thanos would refuse is refused with the place`(text: String, message: String) {
        let error = #expect(throws: HashringFileError.self) { try HashringFile(parsing: text) }
        #expect(error?.description == message)
    }

    @Test func `a tenant goes to the first ring that serves it`() {
        let file = HashringFile([
            Hashring(name: "exact", tenants: ["a", "b*"]),
            Hashring(name: "glob", tenants: ["b*"], tenantMatcher: .glob),
            Hashring(name: "odd", tenants: ["c"], tenantMatcher: .init(rawValue: "regex")), Hashring(name: "soft"),
        ])
        let rings = ["a", "b*", "bb", "c"].map { file.ring(servingTenant: $0)?.name }
        #expect(rings == ["exact", "exact", "glob", "soft"])
        #expect(HashringFile([Hashring(tenants: ["a"])]).ring(servingTenant: "b") == nil)
    }

    @Test func `the hash is the one that receivers show`() {
        // printf abc | sha256sum: ba7816bf8f01…
        #expect(SHA256.hexadecimal("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(HashringFile.configHash(of: "abc") == 0x018f_bf16_78ba)
    }
}

struct GlobPatternTests {
    @Test(arguments: [
        ("*", "", true), ("a*", "abc", true), ("a*c", "abbc", true), ("a*c", "abb", false), ("*", "a/b", false),
        ("a?c", "abc", true), ("a?c", "a/c", false), ("[a-c]x", "bx", true), ("[^a-c]x", "bx", false),
        (#"\*"#, "*", true), (#"\*"#, "a", false), (#"[\]]"#, "]", true), ("*[^a]*b", "q/zb", false),
        ("a]", "a]", true),
        ("[b-a]", "a", false), ("*a*b", "xaxb", true), ("tenant-?", "tenant-10", false),
    ])
    func `patterns match as Go's filepath does`(pattern: String, text: String, matches: Bool) throws {
        #expect(try #require(GlobPattern(pattern)).matches(text) == matches)
    }

    @Test(arguments: [
        ("team-*", "*-eu", true), ("team-*", "box-*", false), ("a*", "*a", true), ("a?c", "ab?", true),
        ("a?", "a", false), ("*", "", true), ("[a-c]*", "[c-e]x", true), ("[a-b]*", "[c-e]x", false),
        ("[^a-c]", "[a-d]", true), ("[^a-d]", "[a-d]", false), ("[^a]", "[^b]", true), ("[^a]", "?", true),
        ("a*b*c", "a?c", true), ("a*b*c", "ac", false), ("a*b*c", "*bc", true), ("/", "*", false), ("x", "x", true),
        ("x", "y", false),
        ("**", "*a", true),
    ])
    func `two patterns overlap where some id matches both`(one: String, other: String, overlap: Bool) throws {
        let (left, right) = (try #require(GlobPattern(one)), try #require(GlobPattern(other)))
        #expect(left.overlaps(right) == overlap)
        #expect(right.overlaps(left) == overlap)
    }

    @Test(arguments: ["a[", "[", "[]", "[]a]", "[-a]", "[a-]", #"a\"#, "[a", #"[\"#, "[^]"])
    func `patterns that Go refuses are refused`(pattern: String) {
        #expect(GlobPattern(pattern) == nil)
    }
}
