import Hashring
import Kube
import Testing

@testable import HashringController

@Suite("Files that Thanos could not use")
struct SafetyTests {
    static let soft = #"[{"hashring":"soft"}]"#

    @Test func `A base file that cannot be read leaves the published file, and the message has the position`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 2)
        setting.publish()
        let good = setting.published
        let cases: [(HashringFileInputs.Base, HashringFilePlan.Failure, String)] = [
            (
                .text("[\n  {\"hashring\": \"soft\",}\n]"), .decode,
                "ConfigMap o11y/original: hashrings.json:2:23: not valid JSON: "
            ),
            (
                .text("[\n  {\"hashring\": 1}\n]"), .decode,
                "ConfigMap o11y/original: hashrings.json:2:4: [0].hashring: should be a string, not an integer"
            ),
            (.text(""), .validate, "the file has no hashring"),
            (.text("[]"), .validate, "the file has no hashring"),
            (
                .withoutFile(["hashring.json", "x"]), .decode,
                "ConfigMap o11y/original: no key hashrings.json: found hashring.json, x"
            ),
            (.missing, .fetch, "ConfigMap o11y/original does not exist"),
        ]
        for (base, failure, message) in cases {
            setting.base = base
            #expect(setting.plan.text == good)
            #expect(setting.plan.failure == failure)
            let note = setting.plan.notes.first?.message ?? ""
            #expect(note.hasPrefix(message), "\(note)")
            #expect(note.hasSuffix("; the published file stays"), "\(note)")
        }
        setting.base = .text(#"[{"hashring":"soft","tenants":["a"]}]"#)
        #expect(setting.plan.failure == nil)
        #expect(setting.plan.text?.contains(#""tenants":["a"]"#) == true)
    }

    @Test func `An address that cannot be dialled leaves the published file, and the message names it`() throws {
        var setting = Setting(#"[{"hashring":"soft","endpoints":["a-0:10901","a-1:10901"]}]"#)
        setting.publish()
        let good = setting.published
        setting.base = .text(#"[{"hashring":"soft","endpoints":["a-0:10901","http://a-1:10901/api/v1/receive"]}]"#)
        #expect(setting.plan.text == good)
        #expect(
            setting.plan.notes.first?.message.hasPrefix(
                #"hashring "soft": [0].endpoints[1].address: "http://a-1:10901/api/v1/receive" has the scheme "http": "#
            )
                == true, "\(setting.plan.notes)")
        #expect(setting.plan.notes.first?.message.contains(#"such as "a-1:10901""#) == true)
    }

    @Test func `A misspelt key is noted, and the file is published`() throws {
        var setting = Setting(#"[{"hashring":"hard","tenant":["a"]}]"#)
        try setting.add("a", ring: "hard", replicas: 2)
        #expect(setting.rings == ["hard: a-0 a-1"])
        #expect(
            setting.plan.notes.map(\.message) == [
                #"hashring "hard": [0].tenant: is not a key that receivers know, so they ignore it: the hashring has no "#
                    + #"tenants and takes those of everybody. Did you mean "tenants"?"#
            ])
    }

    @Test func `Arguments of receivers that do not fit the file are noted`() throws {
        var setting = Setting(Self.soft)
        setting.options.replicationFactor = 2
        try setting.add(
            "a", ring: "soft", replicas: 2,
            arguments: [
                "receive", "--receive.hashrings-file=/etc/hashrings.json", "--receive.replication-factor=2",
                "--receive.local-endpoint=a-0.a.o11y.svc.cluster.local:10901",
            ])
        #expect(
            setting.plan.notes.map(\.message) == [
                "StatefulSet o11y/a: --receive.hashrings-file is /etc/hashrings.json, where no volume is mounted; should be "
                    + "the key hashrings.json of ConfigMap \"generated\""
            ])
    }

    @Test func `A hashring without receivers is omitted and does not block others`() throws {
        var setting = Setting(#"[{"hashring":"hard","tenants":["a"]},{"hashring":"soft"}]"#)
        try setting.add("soft", ring: "soft", replicas: 2)
        #expect(setting.rings == ["soft: soft-0 soft-1"])
        #expect(setting.plan.reasons == ["NoReceivers"])
        try setting.add("hard", ring: "hard", replicas: 0)
        #expect(setting.rings == ["soft: soft-0 soft-1"])
        #expect(setting.plan.reasons == ["HashringWaiting"])
        setting.sets = []
        #expect(setting.plan.text == nil)
    }

    @Test func `A hashring keeps as many members as its copies need, by the flag or the receivers' arguments`() throws {
        for isFlag in [true, false] {
            var setting = Setting(Self.soft)
            if isFlag { setting.options.replicationFactor = 3 }
            let arguments = isFlag ? [] : ["receive", "--receive.replication-factor=3"]
            try setting.add("a", ring: "soft", replicas: 4, arguments: arguments)
            setting.publish()
            setting.sets = []
            setting.pods = []
            try setting.add("a", ring: "soft", replicas: 1, extra: [1, 2, 3], arguments: arguments)
            #expect(setting.rings == ["soft: a-0 a-1 a-2"])
            #expect(setting.plan.reasons == ["HashringHeld"])
        }
    }

    @Test func `Zones are published only with ketama, and only if they are even enough`() throws {
        var setting = Setting(Self.soft)
        setting.options.usesZones = true
        try setting.add("a", ring: "soft", replicas: 2, arguments: ["--receive.hashrings-algorithm", "hashmod"])
        #expect(setting.plan.text == nil)
        #expect(setting.plan.notes.first?.message.contains("hashmod does not support zones") == true)
        setting.options.algorithm = .ketama
        #expect(setting.plan.text != nil)
        // Nothing says how they hash: zones make sense with ketama only.
        setting.options.algorithm = nil
        setting.sets = []
        setting.pods = []
        try setting.add("a", ring: "soft", replicas: 1)
        try setting.add("b", ring: "soft", replicas: 5)
        setting.options.replicationFactor = 3
        #expect(setting.plan.failure == nil)
        setting.options.replicationFactor = 4
        #expect(setting.plan.text == nil)
    }

    @Test func `A StatefulSet of an unknown hashring is reported and ignored`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 1)
        try setting.add("b", ring: "unknown", replicas: 3)
        #expect(setting.rings == ["soft: a-0"])
        #expect(
            setting.plan.notes.map(\.message) == [
                #"StatefulSet o11y/b is ignored: the base file has no hashring "unknown""#
            ])
    }

    @Test func `A generated file that another client has changed is restored`() throws {
        var setting = Setting(Self.soft)
        try setting.add("a", ring: "soft", replicas: 3, unready: [2: 10])
        setting.publish()
        let good = setting.published
        for found in [nil, "nonsense", #"[{"hashring":"soft","endpoints":["a-0.a.o11y.svc.cluster.local:10901"]}]"#] {
            setting.found = found
            #expect(setting.plan.text == good)
        }
        // Unless this process knows nothing: then it goes on from what it finds.
        setting.published = setting.found
        #expect(setting.rings == ["soft: a-0 a-1"])
    }
}
