import Hashring
import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Hostile ConfigMaps")
struct HostileConfigMapTests {
    static let view = """
        apiVersion: tributary.dev/v1alpha1
        kind: GlobalView
        metadata: {name: main, namespace: o11y, uid: u1, generation: 1}
        spec:
          thanos:
            replicationFactor: 2
            hashrings:
            - {name: ring-0, adopt: {selector: {matchLabels: {ring: ring-0}}}}
            - {name: soft, soft: true, replicas: 3}
        """

    static let numbers: [String] = [
        "0", "1", "2", "3", "4999", "5000", "2000000", "2147483647", "2147483648", "9223372036854775806",
        "9223372036854775807", "9223372036854775808", "18446744073709551616", "-1", "-9223372036854775808", "+3", "03",
        "1e18", "1.5", "", "null", "\"3\"", "[]", "{}", "true",
    ]

    static let strings: [String] = [
        "", " ", ".", "-", ":", "[", "a[", "*", "\0", "a\nb", "\u{FEFF}", "\u{2028}", "[::1]:10901", "$(POD_NAME)",
        "main-receive-soft-", "main-receive-soft-1", "main-receive-soft-.main-receive-soft.o11y.svc:10901",
        "main-receive-soft-9223372036854775807", ".main-receive-soft.o11y.svc", "a..o11y.svc", "...svc:1",
        String(repeating: "*a", count: 100) + "b", String(repeating: "x", count: 2000),
    ]

    /// Plans everything with a ConfigMap of this text; returns the replicas of the managed hashring.
    private func plan(_ text: String, annotations: [String: String] = [:]) throws -> Int? {
        var snapshot = try HostileInputTests.snapshot(Self.view, HostileInputTests.set("ring-0", replicas: 3))
        let hashrings = Object(
            .configMaps, namespace: "o11y", name: "main-hashrings", annotations: annotations,
            ["data": [PublishedHashrings.fileName: .string(text)]])
        snapshot.take(.hashrings(hashrings.key, PublishedHashrings(hashrings)))
        let planner = Planner(snapshot)
        let plan = planner.plan()
        _ = planner.plan(for: .globalView(ObjectKey(namespace: "o11y", name: "main")), status: [:])
        let set = plan.objects.first { $0.kind == "StatefulSet" && $0.name == "main-receive-soft" }
        return set?.json["spec", "replicas"]?.int
    }

    private func file(address: String, number: String = "1", name: String = "soft") -> String {
        """
        [{"hashring":\(JSON.string(name).text()),"tenants":[],"endpoints":[\(JSON.string(address).text()),
        "main-receive-soft-0.main-receive-soft.o11y.svc.cluster.local:10901"],"algorithm":"ketama",
        "shuffle_sharding_config":{"shard_size":\(number),"cache_size":\(number),
        "overrides":[{"shard_size":\(number),"tenants":["a"],"tenant_matcher_type":"exact"}]}}]
        """
    }

    @Test(arguments: numbers)
    func `A published receiver with any ordinal neither ends the program nor exceeds the maximum of replicas`(
        number: String
    ) throws {
        for set in ["main-receive-soft", "ring-0"] {
            let address = "\(set)-\(number).\(set).o11y.svc.cluster.local:10901"
            let replicas = try #require(try plan(file(address: address)))
            #expect(replicas == (set == "main-receive-soft" && number == "4999" ? 5000 : replicas))
            #expect(["3", "4999"].contains(number) || replicas == 3)
            #expect((3...5000).contains(replicas))
        }
    }

    @Test(arguments: numbers)
    func `No number in the file ends the program`(number: String) throws {
        for name in ["soft", "ring-0", "soft+v1"] {
            let address = "main-receive-soft-1.main-receive-soft.o11y.svc.cluster.local:10901"
            #expect(try plan(file(address: address, number: number, name: name)) == 3)
        }
    }

    @Test(arguments: strings)
    func `No string in the file or its annotations ends the program`(string: String) throws {
        #expect(try plan(file(address: string)) == 3)
        #expect(try plan(file(address: "a:1", name: string)) == 3)
        #expect(try plan(string) == 3)
        let annotations = ["tributary.dev/retained-tenants": string, "tributary.dev/equivalent-hashes": string]
        #expect(try plan(file(address: "a:1"), annotations: annotations) == 3)
    }
}
