import Kube
@testable import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Objects and answers of a size that nobody expects. See docs/faults.md.
    @Suite("Huge objects", .timeLimit(.minutes(5))) struct HugeObjectTests {
        @Test(arguments: ClusterKind.available)
        func `Objects as large as an API server takes are watched like any other`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind) { faulted, _ in
                // Its pods are as large. An API server takes about 1.5 MB.
                let container: JSON = [
                    "name": "receive", "image": "quay.io/thanos/thanos:v0.41.0",
                    "env": [["name": "HUGE", "value": .string(String(repeating: "x", count: 1_400_000))]],
                ]
                try await faulted.scenario.patch(
                    .statefulSets, "a", ["spec": ["template": ["spec": ["containers": [container]]]]])
                try await faulted.change()
                try await faulted.waitForEnd()
                faulted.proxy.breakOpen(.expired)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An event of many megabytes is taken, and a longer one is refused`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind) { faulted, running in
                let (proxy, attempts) = (faulted.proxy, Attempts())
                proxy.inject { request in
                    guard request.isWatch, request.path.hasSuffix("/statefulsets") else { return .pass }
                    let megabytes = attempts.next(request) < 2 ? 17 : 12
                    return .insert([UInt8](repeating: 0x20, count: megabytes << 20), after: 1)
                }
                proxy.breakOpen(.cut) { $0.isWatch && $0.path.hasSuffix("/statefulsets") }
                try await faulted.change()
                try await faulted.waitForEnd()
                try await waitUntil("a longer event was refused") {
                    running.log.lines.contains { $0.contains("an event is longer than") }
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An answer without an end is refused`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind) { faulted, running in
                let (proxy, attempts) = (faulted.proxy, Attempts())
                // libcurl itself refuses a header of more than 100 kB.
                let long = (0..<4096).map { ("X-Long-\($0)", String(repeating: "x", count: 1024)) }
                proxy.inject { request in
                    guard request.path.hasSuffix("/pods") || request.path.hasSuffix("/tenants") else { return .pass }
                    switch attempts.next(request) {
                    case 0: return .flood(after: 100)
                    case 1: return .answer(200, headers: long)
                    default: return .pass
                    }
                }
                proxy.breakOpen(.cut)
                try await faulted.change()
                try await faulted.waitForEnd()
                let lines = running.log.lines
                #expect(lines.contains { $0.contains("an event is longer than") })
                #expect(lines.contains { $0.contains("the head of the response is longer than") })
            }
        }
    }
}
