import Kube
import Receivers
import Testing
import YAML

@Suite("Arguments of adopted receivers")
struct ReceiverFlagsTests {
    private static func set(_ arguments: String, mounts: String = "", volumes: String = "") throws -> ReceiverFlags? {
        let yaml = """
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: receive, namespace: o11y}
            spec:
              serviceName: receive
              template:
                spec:
                  containers:
                  - {name: proxy, args: [serve]}
                  - name: receive
                    env:
                    - {name: NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    - {name: NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
                    - {name: HOST, value: $(NAME).receive.$(NAMESPACE).svc.cluster.local}
                    - {name: SECRET, valueFrom: {secretKeyRef: {name: a, key: b}}}
                    args: [\(arguments)]
                    volumeMounts: [\(mounts)]
                  volumes: [\(volumes)]
            """
        return ReceiverFlags(Object(try #require(try YAML.parse(yaml).first).value))
    }

    private static var expected: ReceiverFlags.Expectation {
        var expected = ReceiverFlags.Expectation()
        expected.replicationFactor = (2, "spec.thanos.replicationFactor")
        expected.replicationProtocol = ("protobuf", "spec.thanos.replicationProtocol")
        expected.tenantHeader = "THANOS-TENANT"
        expected.tenantLabel = ("tenant_id", "spec.tenantLabel")
        expected.address = "receive-0.receive.o11y.svc.cluster.local:10901"
        expected.configMap = ("main-hashrings", "hashrings.json")
        return expected
    }

    private static let good = """
        receive, --receive.hashrings-file=/etc/thanos/hashrings.json, "--receive.replication-factor=2", \
        "--receive.local-endpoint=$(HOST):10901"
        """
    private static let mount = "{name: rings, mountPath: /etc/thanos}"
    private static let volume = "{name: rings, configMap: {name: main-hashrings}}"

    private static func differences(
        _ arguments: String, mounts: String = mount, volumes: String = volume
    ) throws -> [String] {
        try #require(try set(arguments, mounts: mounts, volumes: volumes)).differences(from: expected)
            .map { "--\($0.flag) \($0.message)" }
    }

    @Test func `Arguments that fit have no differences, also as two words and with variables`() throws {
        #expect(try Self.differences(Self.good) == [])
        #expect(
            try Self.differences(
                Self.good.replacing("\"--receive.replication-factor=2\"", with: "--receive.replication-factor, \"2\""))
                == [])
        #expect(
            try Self.differences(
                Self.good,
                volumes: "{name: rings, projected: {sources: [{configMap: {name: main-hashrings}}]}}") == [])
    }

    @Test func `A receiver that reads no hashring file only stores, and a script cannot be read`() throws {
        #expect(try Self.differences("receive, --tsdb.path=/data") == [])
        #expect(try Self.set("sh, -c, thanos receive --receive.replication-factor=3") == nil)
    }

    @Test(arguments: [
        (
            "\"--receive.replication-factor=2\", ", "",
            "--receive.replication-factor is not set, which means 1, but spec.thanos.replicationFactor is 2: "
        ),
        ("factor=2\"", "factor=3\"", "--receive.replication-factor is 3, but spec.thanos.replicationFactor is 2: "),
        (
            "$(HOST):10901", "$(NAME).receive:10901",
            "--receive.local-endpoint is receive-0.receive:10901 in the first pod, but the hashring file has "
                + "receive-0.receive.o11y.svc.cluster.local:10901: "
        ),
        (
            "\"--receive.local-endpoint=$(HOST):10901\"", "--x",
            "--receive.local-endpoint is not set, so the receiver stores nothing and forwards to itself; "
        ),
        (
            "receive,", "receive, --receive.tenant-header=X-Tenant,",
            "--receive.tenant-header is X-Tenant, which goes before THANOS-TENANT: a caller that sends it chooses its "
                + "tenant; "
        ),
        (
            "receive,", "receive, --receive.tenant-label-name=customer,",
            "--receive.tenant-label-name is customer, but spec.tenantLabel is tenant_id: "
        ),
        (
            "receive,", "receive, --receive.split-tenant-label-name=team,",
            "--receive.split-tenant-label-name is team, which goes before THANOS-TENANT: "
        ),
        (
            "receive,", "receive, --receive.replication-protocol=capnproto,",
            "--receive.replication-protocol is capnproto, but spec.thanos.replicationProtocol is protobuf; "
        ),
        (
            "hashrings.json", "rings.json",
            "--receive.hashrings-file is /etc/thanos/rings.json, which is the key rings.json; should be the key "
                + "hashrings.json of ConfigMap \"main-hashrings\""
        ),
        (
            "/etc/thanos/", "/etc/other/",
            "--receive.hashrings-file is /etc/other/hashrings.json, where no volume is mounted; "
        ),
    ])
    func `An argument that does not fit is named, with what would be right`(
        found: String, replaced: String, message: String
    ) throws {
        let differences = try Self.differences(Self.good.replacing(found, with: replaced))
        #expect(differences.count == 1, "\(differences)")
        #expect(differences.first?.hasPrefix(message) == true, "\(differences)")
    }

    @Test func `What cannot be known is not judged`() throws {
        #expect(try Self.differences(Self.good.replacing("$(HOST)", with: "$(SECRET)")) == [])
        #expect(try Self.differences(Self.good.replacing("factor=2\"", with: "factor=$(SECRET)\"")) == [])
        #expect(try Self.differences(Self.good, volumes: "{name: rings, emptyDir: {}}") == [])
    }

    @Test func `Another ConfigMap, and a single file of the right one, are named`() throws {
        #expect(
            try Self.differences(Self.good, volumes: "{name: rings, configMap: {name: hashrings}}") == [
                "--receive.hashrings-file is /etc/thanos/hashrings.json, which is the key hashrings.json of ConfigMap "
                    + "\"hashrings\"; should be the key hashrings.json of ConfigMap \"main-hashrings\""
            ])
        #expect(
            try Self.differences(
                Self.good, mounts: "{name: rings, mountPath: /etc/thanos/hashrings.json, subPath: hashrings.json}") == [
                    "--receive.hashrings-file is /etc/thanos/hashrings.json, which is mounted by subPath and so never "
                        + "changes; mount the whole volume"
                ])
        #expect(
            try Self.differences(
                Self.good.replacing("hashrings.json", with: "h"),
                volumes: "{name: rings, configMap: {name: main-hashrings, items: [{key: hashrings.json, path: h}]}}")
                == [])
    }
}
