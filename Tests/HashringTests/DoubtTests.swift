import Kube
import Testing

@testable import Hashring

@Suite("Hashring files that mean something else")
struct DoubtTests {
    private func findings(_ text: String) throws -> [String] {
        try HashringFile(parsing: text).validate(replicationFactor: 1).filter { $0.ring != nil }
            .map { "\($0.severity.rawValue): \($0.field): \($0.message)" }
    }

    @Test func `A misspelt key is a warning with the right key, and says what follows`() throws {
        #expect(
            try findings(#"[{"tenant":["a"],"algoritm":"ketama","endpoints":[{"address":"r:1","zone":"z"}]}]"#) == [
                "warning: [0].tenant: is not a key that receivers know, so they ignore it: the hashring has no tenants and "
                    + "takes those of everybody. Did you mean \"tenants\"?",
                "warning: [0].algoritm: is not a key that receivers know, so they ignore it: the hashring has the "
                    + "algorithm of their flag. Did you mean \"algorithm\"?",
                "warning: [0].endpoints[0].zone: is not a key that receivers know, so they ignore it. Did you mean \"az\"?",
            ])
        #expect(
            try findings(
                #"[{"tenants":["a"],"tenant_matcher":"glob","endpoints":["r:1"],"shuffle_sharding_config":{"shardsize":1}}]"#
            )
                == [
                    "warning: [0].tenant_matcher: is not a key that receivers know, so they ignore it: tenants are "
                        + "compared as whole ids. Did you mean \"tenant_matcher_type\"?",
                    "warning: [0].shuffle_sharding_config.shardsize: is not a key that receivers know, so they ignore it. "
                        + "Did you mean \"shard_size\"?",
                ])
    }

    @Test func `Keys of newer versions, notes and keys in another case are not misspelt`() throws {
        #expect(
            try findings(
                #"[{"Tenants":["a"],"comment":"x","endpoints":[{"Address":"r:1","ordinal":1}]},{"endpoints":["r:1"]}]"#)
                == [])
    }

    @Test func `A misspelt address of a receiver is named, as Thanos refuses the file`() {
        #expect(
            throws: HashringFileError(
                FieldPath("[0].endpoints[0].address"), "is required and must not be empty; found \"adress\" instead")
        ) {
            try HashringFile(parsing: #"[{"endpoints":[{"adress":"r:1"}]}]"#)
        }
    }

    @Test(arguments: [
        ("team-.*", "should be \"team-*\","), ("^team$", "should be \"team\","), ("a.+", "should be \"a?*\","),
        ("(a|b)", "list the ids one by one"), (#"t\d"#, "should be \"t[0-9]\","),
    ])
    func `A pattern that looks like a regular expression is a warning`(pattern: String, right: String) {
        let doubt = TenantID.doubt(pattern, isGlob: true, matcher: "m")
        #expect(doubt?.hasPrefix("looks like a regular expression, but it is a glob") == true)
        #expect(doubt?.contains(right) == true, "\(doubt ?? "")")
    }

    @Test(arguments: ["team-*", "team-?", "[a-c]*", "a.b", "a+b"])
    func `A glob is no regular expression`(pattern: String) {
        #expect(TenantID.doubt(pattern, isGlob: true, matcher: "m") == nil)
    }

    @Test func `An id with a comma, and a pattern without its matcher, are warnings`() {
        #expect(
            TenantID.doubt("a, b", isGlob: false, matcher: "m")
                == "contains a comma and is the id of one tenant; list \"a\", \"b\" one by one if they are several")
        #expect(
            TenantID.doubt("a*", isGlob: false, matcher: "m")
                == "is compared as a whole id and matches no other; set m to glob if it is a pattern")
        #expect(TenantID.doubt("a", isGlob: false, matcher: "m") == nil)
    }

    @Test func `Two hashrings of one name are a warning, as Thanos serves both`() throws {
        #expect(
            try findings(
                #"[{"hashring":"a","tenants":["x"],"endpoints":["r:1"]},{"hashring":"a","endpoints":["r:1"]}]"#) == [
                    "warning: [1].hashring: hashring 1 of the file has this name, too: metrics of receivers mix them up; "
                        + "give each a different name"
                ])
        #expect(try findings(#"[{"tenants":["x"],"endpoints":["r:1"]},{"endpoints":["r:1"]}]"#) == [])
    }
}
