import Kube
import TestSupport
import Testing

extension Scenarios {
    /// The original thanos-receive-controller next to the drop-in, with the same objects.
    @Suite(
        "The drop-in next to thanos-receive-controller",
        .enabled(
            if: Peer.path != nil && Program.path != nil,
            "thanos-receive-controller is not found: set THANOS_RECEIVE_CONTROLLER_BIN"), .timeLimit(.minutes(5)))
    struct PeerTests {
        @Test(arguments: ClusterKind.available, [[], ["-use-az-aware-hashring"], ["--cluster-domain="]])
        func `The drop-in and thanos-receive-controller write the same ConfigMap`(kind: ClusterKind, flags: [String])
            async throws
        {
            try await DropIn.play(kind) { dropIn in
                dropIn.scenario.local?.faults = nil
                let algorithm = flags.contains("-use-az-aware-hashring") ? #","algorithm":"ketama""# : ""
                try await dropIn.applyBase(
                    "[{\"hashring\":\"hard\",\"tenants\":[\"b\",\"a\"]\(algorithm)},{\"hashring\":\"soft\"\(algorithm)}]"
                )
                try await dropIn.applyReceivers("receive-soft", hashring: "soft", 2)
                try await dropIn.applyReceivers("receive-hard", hashring: "hard", 1)
                try await dropIn.applyReceivers("receive-other", hashring: "other", 4)
                let workloads = dropIn.scenario.workloads
                try await waitUntil("all receivers are ready") {
                    ["receive-soft-0", "receive-soft-1", "receive-hard-0"].allSatisfy(workloads.isReady)
                }
                try await Peer.play(dropIn, flags) { peer in
                    try await peer.expectSame("at first")
                    try await dropIn.scenario.scale("receive-soft", to: 4)
                    try await peer.expectSame("scaled up") { $0.rings.last?.endpoints.count == 4 }
                    try await dropIn.scenario.scale("receive-soft", to: 1)
                    try await peer.expectSame("scaled down") { $0.rings.last?.endpoints.count == 1 }
                    let fixed = flags.contains("-use-az-aware-hashring") ? #"{"address":"x:1","az":"z"}"# : #""x:1""#
                    try await dropIn.applyBase(
                        """
                        [{"hashring": "fixed", "tenants": ["f<&>"], "endpoints": [\(fixed), {"address": "y:1"}],
                          "algorithm": "ketama", "external_labels": {"f<&>": "2", "a": "1"}},
                         {"hashring": "soft", "algorithm": "ketama"}]
                        """)
                    try await peer.expectSame("another base file") { $0.rings.first?.name == "fixed" }
                    try await dropIn.applyReceivers("receive-soft-b", hashring: "soft", 2)
                    try await peer.expectSame("a second StatefulSet") { $0.rings.last?.endpoints.count == 3 }
                    // Both ignore a base file that they cannot read, and continue once it is fixed.
                    try await dropIn.applyBase("[{")
                    try await dropIn.applyBase(#"[{"hashring":"soft","tenants":["fixed"],"algorithm":"ketama"}]"#)
                    try await peer.expectSame("fixed") { $0.rings.first?.tenants == ["fixed"] }
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A switch to the drop-in and back does not change the ConfigMap`(kind: ClusterKind) async throws {
            try await DropIn.play(kind) { dropIn in
                dropIn.scenario.local?.faults = nil
                try await dropIn.applyBase(#"[{"hashring":"hard","tenants":["a"]},{"hashring":"soft"}]"#)
                try await dropIn.applyReceivers("soft", hashring: "soft", 3)
                try await dropIn.applyReceivers("hard", hashring: "hard", 1)
                let workloads = dropIn.scenario.workloads
                try await waitUntil("all receivers are ready") {
                    ["soft-0", "soft-1", "soft-2", "hard-0"].allSatisfy(workloads.isReady)
                }
                try await Program.with(dropIn.scenario, as: dropIn.cluster) { program in
                    let ports = [try freePort(), try freePort(), try freePort()]
                    var version: String?
                    for (port, isOriginal) in zip(ports, [true, false, true]) {
                        let flags = Peer.flags(DropIn.generated, port)
                        let process = try program.start(
                            flags, command: "hashring", path: isOriginal ? Peer.path : nil)
                        try await waitUntil("the process has published the file") {
                            try await Peer.metrics(port).contains("hashring_nodes{name=\"soft\"} 3")
                        }
                        try await waitUntil("the generated ConfigMap exists") { try await dropIn.generated() != nil }
                        let found = try await dropIn.generated()
                        version = version ?? found?.resourceVersion
                        #expect(
                            found?.resourceVersion == version,
                            "\(isOriginal ? "thanos-receive-controller" : "drop-in"): \(found?.json.text() ?? "")")
                        await process.stop()
                    }
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The drop-in serves every metric of thanos-receive-controller`(kind: ClusterKind) async throws {
            try await DropIn.play(kind) { dropIn in
                dropIn.scenario.local?.faults = nil
                try await dropIn.applyBase(DropInTests.soft)
                try await dropIn.applyReceivers("a", hashring: "soft", 1)
                try await Peer.play(dropIn, []) { peer in
                    try await peer.expectSame("at first")
                    func series(_ port: Int) async throws -> Set<String> {
                        let lines = try await Peer.metrics(port).split(separator: "\n")
                        let own = lines.filter {
                            $0.hasPrefix("thanos_receive_controller_")
                                || $0.hasPrefix("# TYPE thanos_receive_controller_")
                        }
                        return Set(
                            own.map { line in
                                line.hasPrefix("#") ? String(line) : String(line.prefix { $0 != " " })
                            })
                    }
                    let (original, own) = (try await series(peer.originalPort), try await series(peer.dropInPort))
                    #expect(original.count > 20)
                    #expect(original.subtracting(own) == [])
                }
            }
        }
    }
}
