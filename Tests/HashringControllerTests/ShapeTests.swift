import Hashring
import Kube
import Testing

@testable import HashringController

/// The cases of thanos-receive-controller's own tests: the text that it writes for a ConfigMap and StatefulSets.
@Suite("The generated file compared with thanos-receive-controller")
struct ShapeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var base: String
        var sets: [(name: String, ring: String?, replicas: Int, service: String)] = []
        var domain = "cluster.local"
        /// The text; nil if Tributary waits on purpose, see docs/migrating.md.
        var text: String?

        var testDescription: String { name }
    }

    /// `Z` stands for the zone.
    static let cases: [Case] = [
        Case(name: "no hashring", base: "null"),
        Case(name: "a hashring without StatefulSet", base: #"[{"hashring":"soft"}]"#),
        Case(
            name: "a StatefulSet without the ring's label", base: #"[{"hashring":"soft","tenants":["a","b"]}]"#,
            sets: [("soft", nil, 3, "s")]),
        Case(
            name: "a hashring with a StatefulSet", base: #"[{"hashring":"soft","tenants":["a","b"]}]"#,
            sets: [("receive-soft", "soft", 3, "s")],
            text:
                #"[{"hashring":"soft","tenants":["a","b"],"endpoints":[{"address":"receive-soft-0.s.o11y.svc.cluster.local:10901","az":"Zreceive-soft"},{"address":"receive-soft-1.s.o11y.svc.cluster.local:10901","az":"Zreceive-soft"},{"address":"receive-soft-2.s.o11y.svc.cluster.local:10901","az":"Zreceive-soft"}]}]"#
        ),
        Case(
            name: "a StatefulSet of an unknown ring", base: #"[{"hashring":"soft","tenants":["a"]}]"#,
            sets: [("soft", "soft", 2, "s"), ("other", "other", 99, "o")],
            text:
                #"[{"hashring":"soft","tenants":["a"],"endpoints":[{"address":"soft-0.s.o11y.svc.cluster.local:10901","az":"Zsoft"},{"address":"soft-1.s.o11y.svc.cluster.local:10901","az":"Zsoft"}]}]"#
        ),
        Case(
            name: "two hashrings, each with a StatefulSet",
            base: #"[{"hashring":"hard","tenants":["a"]},{"hashring":"soft"}]"#,
            sets: [("soft", "soft", 1, "s"), ("hard", "hard", 2, "h")],
            text:
                #"[{"hashring":"hard","tenants":["a"],"endpoints":[{"address":"hard-0.h.o11y.svc.cluster.local:10901","az":"Zhard"},{"address":"hard-1.h.o11y.svc.cluster.local:10901","az":"Zhard"}]},{"hashring":"soft","endpoints":[{"address":"soft-0.s.o11y.svc.cluster.local:10901","az":"Zsoft"}]}]"#
        ),
        Case(
            name: "a hashring with two StatefulSets", base: #"[{"hashring":"soft","tenants":["a"]}]"#,
            sets: [("zone-b", "soft", 1, "s"), ("zone-a", "soft", 2, "s")],
            text:
                #"[{"hashring":"soft","tenants":["a"],"endpoints":[{"address":"zone-a-0.s.o11y.svc.cluster.local:10901","az":"Zzone-a"},{"address":"zone-a-1.s.o11y.svc.cluster.local:10901","az":"Zzone-a"},{"address":"zone-b-0.s.o11y.svc.cluster.local:10901","az":"Zzone-b"}]}]"#
        ),
        Case(
            name: "no cluster domain", base: #"[{"hashring":"soft","tenants":["a"]}]"#,
            sets: [("soft", "soft", 1, "s")], domain: "",
            text:
                #"[{"hashring":"soft","tenants":["a"],"endpoints":[{"address":"soft-0.s.o11y.svc:10901","az":"Zsoft"}]}]"#
        ),
    ]

    private func setting(_ example: Case) throws -> Setting {
        var setting = Setting(example.base)
        setting.options.clusterDomain = example.domain
        for set in example.sets {
            try setting.add(set.name, ring: set.ring, replicas: set.replicas, service: set.service)
        }
        return setting
    }

    @Test(arguments: cases) func `The file without zones is the one that thanos-receive-controller writes`(
        example: Case
    ) throws {
        let text = example.text?.split(separator: #""az":"Z"#, omittingEmptySubsequences: false)
        let expected = text.map { parts in
            // The zone follows its mark, up to the closing quote.
            parts.dropFirst().reduce(String(parts[0])) { $0 + #""az":""# + $1.drop { $0 != "\"" } }
        }
        #expect(try setting(example).plan.text == expected)
    }

    @Test(arguments: cases) func `The file with zones is the one that thanos-receive-controller writes`(example: Case)
        throws
    {
        var setting = try setting(example)
        setting.options.usesZones = true
        #expect(
            setting.plan.text == example.text.map { $0.split(separator: #""az":"Z"#).joined(separator: #""az":""#) })
    }

    @Test func `Members of the base file that other versions of Thanos know are kept`() throws {
        var setting = Setting(
            #"[{"hashring":"soft","future":{"a":[1]},"tenant_matcher_type":"glob","tenants":["a*"],"algorithm":"ketama","external_labels":{"a*":"x"},"endpoints":[{"address":"soft-0.soft.o11y.svc.cluster.local:10901","capnproto_address":"soft-0:19391","weight":2}]}]"#
        )
        try setting.add("soft", ring: "soft", replicas: 2)
        #expect(
            setting.plan.text
                == #"[{"hashring":"soft","tenants":["a*"],"tenant_matcher_type":"glob","endpoints":[{"address":"soft-0.soft.o11y.svc.cluster.local:10901","capnproto_address":"soft-0:19391","az":"","weight":2},{"address":"soft-1.soft.o11y.svc.cluster.local:10901","az":""}],"algorithm":"ketama","external_labels":{"a*":"x"},"future":{"a":[1]}}]"#
        )
    }

    @Test func `Characters of markup are escaped as in Go`() throws {
        var setting = Setting("[{\"hashring\":\"soft\",\"tenants\":[\"a&<b>\u{2028}\"]}]")
        try setting.add("a", ring: "soft", replicas: 1)
        #expect(setting.plan.text?.hasPrefix(#"[{"hashring":"soft","tenants":["a\u0026\u003cb\u003e\u2028"],"#) == true)
    }

    @Test func `The generated ConfigMap has one owner, the base ConfigMap, and one key`() throws {
        let options = Setting().options
        let base = Object(["metadata": ["name": "original", "namespace": "o11y", "uid": "u1"]])
        let made = GeneratedConfigMap.desired(text: "[]", options: options, base: base, existing: nil)
        #expect(
            made?.json == [
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": [
                    "name": "generated", "namespace": "o11y",
                    "ownerReferences": [["apiVersion": "v1", "kind": "ConfigMap", "name": "original", "uid": "u1"]],
                ], "data": ["hashrings.json": "[]"],
            ])
        #expect(GeneratedConfigMap.desired(text: "[]", options: options, base: base, existing: made) == nil)
    }

    @Test func `Labels, annotations, other keys and other owners stay, and a recreated owner is updated`()
        throws
    {
        let options = Setting().options
        let base = Object(["metadata": ["name": "original", "namespace": "o11y", "uid": "u2"]])
        let existing = Object([
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": [
                "name": "generated", "namespace": "o11y", "resourceVersion": "7", "labels": ["team": "a"],
                "annotations": ["note": "b"],
                "ownerReferences": [
                    ["apiVersion": "v1", "kind": "ConfigMap", "name": "original", "uid": "u1"],
                    ["apiVersion": "v1", "kind": "Secret", "name": "other", "uid": "u3"],
                ],
            ], "data": ["hashrings.json": "[]", "other.json": "{}"],
        ])
        let written = try #require(
            GeneratedConfigMap.desired(text: "[1]", options: options, base: base, existing: existing))
        #expect(written.labels == ["team": "a"])
        #expect(written.annotations == ["note": "b"])
        #expect(written.resourceVersion == "7")
        #expect(written.json["data"] == ["hashrings.json": "[1]", "other.json": "{}"])
        #expect(written.ownerReferences.map(\.uid) == ["u3", "u2"])
    }
}
