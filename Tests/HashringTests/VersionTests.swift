import Kube
import Testing

@testable import Hashring

@Suite("Versions of receivers")
struct VersionTests {
    private func findings(_ text: String, _ version: String) throws -> [String] {
        let file = try HashringFile(parsing: text)
        let version = try #require(ReceiverVersion(version))
        return file.validate(
            replicationFactor: 1, defaultAlgorithm: .ketama, text: text,
            version: version
        ).filter { $0.message.hasPrefix("Thanos ") }.map { "\($0.severity.rawValue) \($0.field)" }
    }

    @Test(arguments: [
        (#"[{"endpoints": [{"address": "a:1"}]}]"#, "0.31", "0.32", "error [0].endpoints[0]"),
        (#"[{"Endpoints": ["a:1", {"address": "b:1", "az": "z"}]}]"#, "0.31", "0.32", "error [0].endpoints[1]"),
        (
            #"[{"endpoints": ["a:1"], "external_labels": {"a": "b"}}]"#, "0.31", "0.32",
            "warning [0].external_labels"
        ),
        (
            #"[{"tenants": ["a*"], "tenant_matcher_type": "glob", "endpoints": ["a:1"]}]"#, "0.34", "0.35",
            "error [0].tenant_matcher_type"
        ),
        (
            #"[{"endpoints": ["a:1", "b:1"], "shuffle_sharding_config": {"shard_size": 1}}]"#, "0.38", "0.39",
            "warning [0].shuffle_sharding_config"
        ),
    ]) func `A key that came later is a finding before`(text: String, old: String, new: String, finding: String) throws
    {
        #expect(try findings(text, old) == [finding])
        #expect(try findings(text, new) == [])
    }

    @Test func `What every version of Thanos reads is no finding`() throws {
        #expect(
            try findings(#"[{"tenants": ["a"], "tenant_matcher_type": "exact", "endpoints": ["a:1"]}]"#, "v0.31.0")
                == [])
        #expect(ReceiverVersion("v0.41.0-rc.1")?.description == "0.41")
        #expect(ReceiverVersion("main") == nil && ReceiverVersion("0") == nil)
    }

    @Test(arguments: [
        "store.obs.svc:10901", "dns+store.obs.svc:10901", "dnssrv+_grpc._tcp.store.obs.svc",
        "dnssrvnoa+_grpc._tcp.store",
        "dnssrv+_grpc._tcp.store.obs.svc:10901", "[::1]:10901", "unix:/run/store", "dns:///store:10901",
        "10.0.0.1:10901",
    ]) func `An address that Thanos Query takes passes`(address: String) {
        #expect(QueryEndpoint.problem(address) == nil)
    }

    @Test(arguments: [
        ("http://store.obs.svc:10901", "has the scheme \"http\"", "store.obs.svc:10901"),
        ("store.obs.svc:10901/api", "has a path", "store.obs.svc:10901"),
        ("dns+store.obs.svc", "has no port", "dns+store.obs.svc:10901"),
        ("dns+http://store:10901", "has the scheme \"http\"", "dns+store:10901"),
        ("dnssrv+http://_grpc._tcp.store", "has the scheme \"http\"", "dnssrv+_grpc._tcp.store"),
        ("store .obs:10901", "contains a blank", "store.obs:10901"), ("a:1,b:2", "contains a comma", "a:1"),
        (
            "srv+_grpc._tcp.store", "has the prefix \"srv+\", and there are dns+, dnssrv+, dnssrvnoa+",
            "dnssrv+_grpc._tcp.store"
        ),
    ]) func `An address that Thanos Query cannot use is named, with what would be right`(
        address: String, problem: String, right: String
    ) {
        let found = QueryEndpoint.problem(address)
        #expect(found?.text == problem && found?.isCertain == true)
        #expect(found?.right == right)
    }

    @Test func `An address without a port is only doubtful`() {
        #expect(QueryEndpoint.problem("store.obs.svc")?.isCertain == false)
    }
}
