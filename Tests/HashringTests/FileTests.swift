import Crypto
import Kube
import Testing

@testable import Hashring

@Suite("Hashring files")
struct FileTests {
    @Test func `A file has one tenant or receiver per line, in the order of Thanos`() {
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

    @Test func `A file can have the form that thanos-receive-controller writes`() {
        let file = HashringFile([Hashring(name: "h", tenants: ["a"], endpoints: [Endpoint(address: "x:1")])])
        #expect(
            file.encoded(.init(writesEndpointsAsObjects: true, isCompact: true))
                == #"[{"hashring":"h","tenants":["a"],"endpoints":[{"address":"x:1","az":""}]}]"#)
    }

    @Test func `A file that is read and written again keeps all members, including unknown ones`() throws {
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

    @Test func `Names match in any case and null counts as absent, as in Go`() throws {
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
        (#"[{"endpoints":[],"Endpoints":[]}]"#, "[0].Endpoints: is given twice, once in another case"),
        (#"[{"hashring":"a","hashring":"b"}]"#, "not valid JSON at byte 17: the member \"hashring\" is given twice"),
    ])
    func `A file that Thanos would refuse is refused with the position`(text: String, message: String) {
        let error = #expect(throws: HashringFileError.self) { try HashringFile(parsing: text) }
        #expect(error?.description == message)
    }

    @Test func `A tenant goes to the first hashring that serves it`() {
        let file = HashringFile([
            Hashring(name: "exact", tenants: ["a", "b*"]),
            Hashring(name: "glob", tenants: ["b*"], tenantMatcher: .glob),
            Hashring(name: "odd", tenants: ["c"], tenantMatcher: .init(rawValue: "regex")), Hashring(name: "soft"),
        ])
        let rings = ["a", "b*", "bb", "c"].map { file.ring(servingTenant: $0)?.name }
        #expect(rings == ["exact", "exact", "glob", "soft"])
        #expect(HashringFile([Hashring(tenants: ["a"])]).ring(servingTenant: "b") == nil)
    }

    @Test func `The hash equals the one that receivers export`() {
        // printf abc | sha256sum: ba7816bf8f01…
        #expect(SHA256.hexadecimal("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(HashringFile.configHash(of: "abc") == 0x018f_bf16_78ba)
    }
}

@Suite("Tenant patterns")
struct GlobPatternTests {
    @Test(arguments: [
        ("*", "", true), ("a*", "abc", true), ("a*c", "abbc", true), ("a*c", "abb", false), ("*", "a/b", false),
        ("a?c", "abc", true), ("a?c", "a/c", false), ("[a-c]x", "bx", true), ("[^a-c]x", "bx", false),
        (#"\*"#, "*", true), (#"\*"#, "a", false), (#"[\]]"#, "]", true), ("*[^a]*b", "q/zb", false),
        ("a]", "a]", true),
        ("[b-a]", "a", false), ("*a*b", "xaxb", true), ("tenant-?", "tenant-10", false),
    ])
    func `Patterns match as in Go's filepath package`(pattern: String, text: String, matches: Bool) throws {
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
    func `Two patterns overlap if some id matches both`(one: String, other: String, overlap: Bool) throws {
        let (left, right) = (try #require(GlobPattern(one)), try #require(GlobPattern(other)))
        #expect(left.overlaps(right) == overlap)
        #expect(right.overlaps(left) == overlap)
    }

    @Test(arguments: ["a[", "[", "[]", "[]a]", "[-a]", "[a-]", #"a\"#, "[a", #"[\"#, "[^]"])
    func `Patterns that Go refuses are refused`(pattern: String) {
        #expect(GlobPattern(pattern) == nil)
    }
}
