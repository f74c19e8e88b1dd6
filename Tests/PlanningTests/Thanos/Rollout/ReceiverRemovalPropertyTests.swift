import Hashring
import Kube
import Planning
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

/// Random events in any order, with an operator that is killed at any point.
@Suite("Random sequences of events")
struct ReceiverRemovalPropertyTests {
    private static func view(_ soft: String, _ hard: String, _ replicas: [Int]) -> String {
        Samples.managed.replacing("name: default", with: "name: \(soft)")
            .replacing("name: hashring-0", with: "name: \(hard)")
            .replacing("replicas: 3", with: "replicas: \(replicas[0])")
            .replacing("replicas: 5", with: "replicas: \(replicas[1])")
    }

    /// The receivers that a file names, by the first part of their addresses.
    private static func named(_ text: String?) throws -> Set<String> {
        guard let text else { return [] }
        let file = try HashringFile(parsing: text)
        return Set(file.rings.flatMap(\.endpoints).map { String($0.address.prefix { $0 != "." }) })
    }

    @Test(arguments: 0..<24)
    func `No events remove a receiver that still gets samples or leave a tenant without a hashring`(seed: Int) throws {
        var random = SeededNumbers(seed: UInt64(seed))
        var running = try RunningReceivers(
            Self.view("default", "hashring-0", [3, 5]), ManagedHashringTests.hard)
        try running.settle()
        running.load()
        // When each pod read its file.
        var readAt: [String: Timestamp] = [:]
        for step in 0..<100 {
            let before = running
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                let soft = ["default", "river"].randomElement(using: &random) ?? ""
                let hard = ["hashring-0", "hashring-a"].randomElement(using: &random) ?? ""
                try running.scene.add(
                    Self.view(
                        soft, hard, [Int.random(in: 2...4, using: &random), Int.random(in: 2...6, using: &random)]))
                try running.scene.add(Samples.tenant("tenant-a", "{hashring: \(hard)}"))
            case 1:
                let name = "tenant-\(Int.random(in: 0..<4, using: &random))"
                try running.scene.add(
                    Samples.tenant(name, Bool.random(using: &random) ? "{hashring: hashring-0}" : "{}"))
            case 2: running.startsReady.toggle()
            case 3: try running.becomeReady()
            case 4, 5:
                for pod in running.pods where Bool.random(using: &random) && running.files[pod] != running.published {
                    running.load([pod])
                    readAt[pod] = running.scene.snapshot.now
                }
            case 6: running.pass(Int64.random(in: 1...30, using: &random))
            default:
                // The operator is killed after any of the objects, or not at all.
                let count = running.plan.objects.count
                try running.apply(first: Bool.random(using: &random) ? .max : Int.random(in: 0..<count, using: &random))
            }
            let gone = Set(before.pods).subtracting(running.pods)
            for (pod, text) in before.files where !gone.contains(pod) && !before.unready.contains(pod) {
                #expect(
                    try Self.named(text).isDisjoint(with: gone),
                    "seed \(seed), step \(step): \(pod) sends to \(gone.sorted())")
                guard !gone.isEmpty, let since = readAt[pod] else { continue }
                #expect(before.scene.snapshot.now.since(since) >= .seconds(10), "seed \(seed), step \(step): \(pod)")
            }
            if let text = running.published {
                let file = try HashringFile(parsing: text)
                #expect(file.rings.last?.isCatchAll == true, "seed \(seed), step \(step)")
                #expect(file.rings.allSatisfy { $0.endpoints.count >= 2 }, "seed \(seed), step \(step)")
            }
        }
        // In the end the cluster matches the last specification.
        for _ in 0..<4 {
            running.startsReady = true
            try running.becomeReady()
            try running.settle()
            running.load()
            running.pass(20)
        }
        try running.settle()
        let asked = try #require(running.scene.snapshot.globalViews[Scene.key("main")]?.spec.thanos?.hashrings)
        let sets = running.scene.snapshot.receiverSets.values
        let known = asked.map(\.name)
        let problems = running.scene.snapshot.tenants.values.filter {
            $0.spec.hashring.map { !known.contains($0) } ?? false
        }
        if problems.isEmpty { #expect(sets.count == asked.count, "seed \(seed): \(sets.map(\.key.name))") }
        for hashring in asked {
            #expect(running.replicas("main-receive-\(hashring.name)") == hashring.replicas, "seed \(seed)")
        }
    }
}
