import Kube
import TestSupport
import Testing

@testable import Explanations

@Suite struct `The explanation of a receiver` {
    private static let pod = "observability/receive-default-1"

    /// The objects of `examples/thanos`, changed.
    private func files(_ changes: (String, String)..., more: String = "") throws -> Files {
        var files = try Files()
        for path in try Checkout.list("examples/thanos") where path.hasSuffix(".yaml") {
            var text = try Checkout.read(path)
            for (old, new) in changes { text = text.replacing(old, with: new) }
            try files.add(text)
        }
        if !more.isEmpty { try files.add(more) }
        return files
    }

    private func explain(_ files: Files, _ name: String = pod, isComplete: Bool = false) throws -> Explanation {
        let name = try #require(ReceiverName(name))
        return try #require(files.receivers(isComplete: isComplete).explain(name))
    }

    private func bad(_ explanation: Explanation) -> [String] {
        explanation.findings.filter { $0.verdict == .bad }.map(\.reason)
    }

    /// A pod of the StatefulSet `receive-default`.
    private func pod(_ ordinal: String, ready: Bool = true, of owner: String = "StatefulSet", status: String = "")
        -> String
    {
        """
        ---
        apiVersion: v1
        kind: Pod
        metadata:
          name: receive-default-\(ordinal)
          namespace: observability
          labels: {app.kubernetes.io/name: thanos-receive, app.kubernetes.io/instance: receive-default}
          ownerReferences:
          - {apiVersion: apps/v1, kind: \(owner), name: receive-default, uid: a, controller: true}
        status:
          podIP: 10.0.0.\(ordinal.count)\(ordinal.last == "0" ? 0 : 1)
          conditions: [{type: Ready, status: "\(ready ? "True" : "False")", lastTransitionTime: "2026-01-01T00:00:00Z"}]
          \(status)

        """
    }

    /// The file that lists some receivers of `default`.
    private func published(_ ordinals: Range<Int>) -> String {
        let addresses = ordinals.map {
            "\"receive-default-\($0).receive-default.observability.svc.cluster.local:10901\""
        }
        return """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: main-hashrings, namespace: observability}
            data:
              hashrings.json: '[{"hashring": "default", "endpoints": [\(addresses.joined(separator: ", "))], "algorithm": "ketama"}]'

            """
    }

    @Test func `The explanation of a receiver says which hashring the first file has it in, and whose series it gets`()
        throws
    {
        let explanation = try explain(try files())
        #expect(explanation.works)
        #expect(explanation.outcome == "it is in hashring default of GlobalView observability/main")
        #expect(
            explanation.findings.first { $0.reason == "InHashring" }?.message
                == "hashring \"default\" of the file that it would publish first has it as "
                + "receive-default-1.receive-default.observability.svc.cluster.local:10901; it serves every tenant that no "
                + "other hashring lists")
        let hard = try explain(try files(), "observability/receive-hashring-0-0")
        #expect(hard.findings.contains { $0.message.hasSuffix("it serves tenants tenant-a, tenant-b") })
    }

    @Test func `The explanation of a receiver takes an address for the pod, and says where it differs`() throws {
        let right = "receive-default-1.receive-default.observability.svc.cluster.local:10901"
        #expect(try explain(try files(), right).findings.map(\.reason) == ["InHashring"])
        let other = try explain(try files(), "receive-default-1.receive-default.observability.svc:10901")
        #expect(other.works)
        #expect(
            other.findings.first { $0.reason == "AddressDiffers" }?.message.hasPrefix("hashrings have \(right)") == true
        )
        let byIP = try explain(try files(more: pod("1")), "10.0.0.11:10901")
        #expect(byIP.key.description == Self.pod && byIP.works)
        #expect(ReceiverName("a") == nil && ReceiverName("a/b/c") == nil && ReceiverName("/b") == nil)
    }

    @Test func `The explanation of a receiver names the label that keeps its StatefulSet out of a hashring`() throws {
        let explanation = try explain(
            try files(("    controller.receive.thanos.io/hashring: default\nspec:", "    ring: default\nspec:")))
        #expect(!explanation.works && bad(explanation).first == "LabelsDiffer")
        let finding = try #require(explanation.findings.first { $0.reason == "LabelsDiffer" })
        #expect(finding.object == "GlobalView observability/main")
        #expect(
            finding.message.contains("does not select StatefulSet observability/receive-default: needs "), "\(finding)")
        #expect(explanation.findings.contains { $0.message.contains("needs controller.receive.thanos.io/hashring=") })
    }

    @Test func `The explanation of a receiver says so if the labels are on the pods alone`() throws {
        let explanation = try explain(
            try files(
                ("    controller.receive.thanos.io/hashring: default\nspec:", "spec:"),
                (
                    "        app.kubernetes.io/instance: receive-default\n    spec:",
                    "        controller.receive.thanos.io/hashring: default\n    spec:"
                )))
        #expect(
            explanation.findings.contains {
                $0.message.hasSuffix("hashrings select by the labels of the StatefulSet itself")
            }, "\(explanation.lines)")
    }

    @Test func `The explanation of a receiver names the namespace that a hashring does not look into`() throws {
        var files = try files()
        var view = try #require(files.objects.first { $0.kind == "GlobalView" })
        view.json["spec", "thanos", "hashrings"] = [
            [
                "name": "default", "soft": true,
                "adopt": [
                    "selector": ["matchLabels": ["controller.receive.thanos.io/hashring": "default"]],
                    "namespaces": ["elsewhere"],
                ],
            ]
        ]
        try files.add(view)
        let finding = try #require(try explain(files).findings.first { $0.reason == "NamespaceNotSelected" })
        #expect(finding.field == "spec.thanos.hashrings[0].adopt.namespaces")
        #expect(finding.message.hasSuffix("names elsewhere; should name observability"))
    }

    @Test func `The explanation of a receiver says why the pod is not ready, in the words of its containers`() throws {
        let crash = """
            containerStatuses:
              - name: receive
                restartCount: 7
                state: {waiting: {reason: CrashLoopBackOff}}
                lastState: {terminated: {exitCode: 2, reason: Error, message: "unknown flag --receive.hashring"}}
            """
        let explanation = try explain(
            try files(more: pod("0") + pod("2") + pod("1", ready: false, status: crash) + published(0..<1)),
            isComplete: true)
        #expect(!explanation.works && explanation.outcome == "it is in no hashring: CrashLoopBackOff")
        let finding = try #require(explanation.findings.first)
        #expect(finding.object == "Pod \(Self.pod)")
        #expect(
            finding.message
                == "is not ready, since 2026-01-01T00:00:00Z: container receive exited with code 2 (restarts: 7): "
                + "unknown flag --receive.hashring")
        #expect(
            explanation.findings.contains {
                $0.reason == "NotReady" && $0.message.hasPrefix("hashring \"default\" takes it once it is ready")
            })
    }

    @Test func `A pod of something else than a StatefulSet, or of another name, is explained to be in no hashring`()
        throws
    {
        let replica = try explain(
            try files(more: pod("x7k2p", of: "ReplicaSet")), "observability/receive-default-x7k2p")
        #expect(bad(replica) == ["NotOfStatefulSet"])
        #expect(replica.findings.first?.message.hasPrefix("is controlled by ReplicaSet receive-default") == true)
        let zero = try explain(try files(more: pod("01")), "observability/receive-default-01")
        #expect(bad(zero).first == "NoOrdinal")
        #expect(zero.findings.first?.message.hasSuffix("such as receive-default-0") == true)
    }

    @Test func `The explanation of a receiver says that its StatefulSet was scaled down`() throws {
        let explanation = try explain(try files(more: pod("5") + published(0..<3)), "observability/receive-default-5")
        #expect(bad(explanation).first == "NotWanted")
        #expect(
            explanation.findings.first?.message
                == "is 3, which is receive-default-0 to receive-default-2: number 5 leaves its hashring, or never joins"
        )
    }

    @Test func `The explanation of a receiver names the change that was refused, while the published file stays`()
        throws
    {
        let explanation = try explain(
            try files(
                ("version: v0.41.0", "version: v0.31.0"), ("maxStep: 1", "zone: {from: statefulSet}"),
                more: pod("0") + pod("1") + pod("2") + published(0..<2)), "observability/receive-default-2",
            isComplete: true)
        #expect(bad(explanation) == ["NotInVersion"], "\(explanation.lines)")
        let finding = try #require(explanation.findings.last)
        #expect(finding.message.hasPrefix("the published file stays: hashring \"default\" stays as it is: with zones"))
    }

    @Test func `The explanation of a receiver tells that a change would move too many series, and what lets it happen`()
        throws
    {
        let explanation = try explain(
            try files(
                ("maxStep: 1", "maxMove: 5%"), ("replicationFactor: 2", "replicationFactor: 1"),
                ("minReplicas: 2", "minReplicas: 1"), more: pod("0") + pod("1") + pod("2") + published(0..<1)),
            isComplete: true)
        #expect(bad(explanation) == ["MoveHeld"])
        let finding = try #require(explanation.findings.first { $0.reason == "MoveHeld" })
        #expect(finding.field == "spec.thanos.hashrings[1].membership.maxMove")
        #expect(finding.message.contains("annotate the GlobalView with tributary.dev/allow-move=default="))
    }

    @Test func `The explanation of a receiver asks whether the operator runs if the file should have had it`() throws {
        let explanation = try explain(
            try files(("maxStep: 1", "joinAfter: 0s"), more: pod("0") + pod("1") + pod("2") + published(0..<1)),
            isComplete: true)
        #expect(bad(explanation) == ["NotPublishedYet"])
        let absent = try explain(try files(more: pod("1")), isComplete: true)
        #expect(bad(absent) == ["NotPublishedYet"])
    }

    @Test func `The explanation of a receiver says that a hard hashring without tenants is not published`() throws {
        let explanation = try explain(
            try files(("  hashring: hashring-0\n", "")), "observability/receive-hashring-0-0")
        #expect(bad(explanation) == ["NoTenants"])
    }

    @Test
    func `A member that is about to leave, or has an older file, is explained to be in the hashring, with a note`()
        throws
    {
        var files = try files(more: pod("0") + pod("1", ready: false) + pod("2") + published(0..<3))
        var view = try #require(files.objects.first { $0.kind == "GlobalView" })
        view.json["status"] = [
            "hashrings": [
                [
                    "name": "default", "members": 3, "desired": 3,
                    "pending": [["pod": "receive-default-1", "reason": "Held", "since": "2026-01-01T00:00:00Z"]],
                    "older": [["pod": "receive-default-1", "hash": "0123456789ab", "reason": "OlderFile"]],
                ]
            ]
        ]
        try files.add(view)
        let explanation = try explain(files, isComplete: true)
        #expect(explanation.works && bad(explanation) == [])
        #expect(explanation.findings.contains { $0.verdict == .note && $0.reason == "PodNotReady" })
    }

    @Test func `A receiver has no explanation where neither pod nor StatefulSet exists`() throws {
        let receivers = try files().receivers(isComplete: false)
        let other = try #require(ReceiverName("observability/other-0"))
        #expect(receivers.explain(other) == nil)
        #expect(receivers.names.contains(Self.pod))
    }

    // MARK: - The drop-in

    private func dropIn(_ generated: String, base: String = "", _ changes: (String, String)...) throws -> Files {
        var files = try Files()
        for path in try Checkout.list("examples/thanos") where path.hasSuffix(".yaml") {
            var text = try Checkout.read(path)
            for (old, new) in changes { text = text.replacing(old, with: new) }
            if !text.contains("kind: GlobalView"), !text.contains("kind: Tenant") { try files.add(text) }
        }
        func map(_ name: String, _ text: String, owner: String = "") -> String {
            """
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: \(name), namespace: observability\(owner)}
            data: {hashrings.json: '\(text)'}

            """
        }
        try files.add(
            map(
                "main-hashrings", generated,
                owner: ", ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: base, uid: b}]"))
        if !base.isEmpty { try files.add(map("base", base)) }
        return files
    }

    @Test func `The explanation of a receiver says whether the file of the drop-in has it`() throws {
        let file =
            #"[{"hashring": "default", "endpoints": [{"address": "receive-default-1.receive-default.observability.svc.cluster.local:10901", "az": ""}]}]"#
        let member = try explain(try dropIn(file))
        #expect(member.works && member.outcome == "it is in hashring default", "\(member.lines)")
        let other = try explain(try dropIn(file), "observability/receive-default-2")
        #expect(bad(other) == ["NotInFile"])
    }

    @Test func `The explanation of a receiver names a hashring that the drop-in's base file lacks, and the nearest`()
        throws
    {
        let explanation = try explain(
            try dropIn(
                #"[{"hashring": "defaults", "endpoints": ["x:1"]}]"#, base: #"[{"hashring": "defaults"}]"#))
        #expect(bad(explanation) == ["RingUnknown"])
        #expect(explanation.findings.last?.message.hasSuffix("Did you mean \"defaults\"?") == true)
    }

    @Test func `The explanation of a receiver names the label that the drop-in needs`() throws {
        let explanation = try explain(
            try dropIn("[]", ("    controller.receive.thanos.io: thanos-receive-controller\n", "")))
        #expect(bad(explanation) == ["LabelsDiffer"])
        #expect(
            explanation.findings.last?.message.contains("needs controller.receive.thanos.io=thanos-receive-controller")
                == true)
    }
}
