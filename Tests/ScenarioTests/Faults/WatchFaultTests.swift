import Kube
@testable import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Faults of watches. See docs/faults.md.
    @Suite("Faults of watches", .timeLimit(.minutes(5))) struct WatchFaultTests {
        @Test(arguments: ClusterKind.available)
        func `An operator whose watches are cut at any byte misses nothing`(kind: ClusterKind) async throws {
            try await FaultedScenario.with(kind) { faulted in
                let (scenario, proxy) = (faulted.scenario, faulted.proxy)
                let first = try await faulted.setUp()
                let before = try await faulted.quietState()
                try await scenario.stop(first)
                // Each operator has two of its watches of each kind cut, each at another byte: a prime, so that all bytes
                // have their turn.
                let place = Locked(0)
                for replicas in 4...17 {
                    let attempts = Attempts()
                    proxy.inject { request in
                        guard request.isWatch, attempts.next(request) < 2 else { return .pass }
                        return .cut(
                            after: place.withLock { place in
                                place = (place + 7) % 3000
                                return place
                            })
                    }
                    let running = try faulted.startOperator()
                    try await scenario.scale("a", to: replicas)
                    try await scenario.hashrings.waitFor(OutageTests.hashring(replicas), within: .seconds(30))
                    try await scenario.waitForReady(GlobalView.resource, "main")
                    try await scenario.stop(running)
                }
                #expect(proxy.stoppedCount >= 150)
                proxy.heal()
                let last = try faulted.startOperator()
                try await last.settle(after: 4)
                OutageTests.expectGrowth(scenario, from: 17)
                let after = try await faulted.quietState().contents
                #expect(after.keys.sorted() == before.contents.keys.sorted())
                for (name, content) in after where name != "ConfigMap main-hashrings" {
                    #expect(content == before.contents[name], "\(name)")
                }
                try await faulted.expectNothingIsLeft(last)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A watch on which nothing comes any more is opened again`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind, limits: { $0.watchSilence = .seconds(4) }) { faulted, _ in
                try await waitUntil("all watches go mute") { faulted.proxy.breakOpen(.stall) > 8 }
                try await faulted.change()
            }
        }

        @Test(arguments: ClusterKind.available)
        func `The objects of a deleted tenant stay away, although its deletion is not seen yet`(kind: ClusterKind)
            async throws
        {
            try await FaultedScenario.play(kind, limits: { $0.watchSilence = .seconds(6) }) { faulted, _ in
                faulted.proxy.breakOpen(.stall) { $0.isWatch && $0.path.hasSuffix("/tenants") }
                try await faulted.change()
                for resource in [Resource.deployments, .services] {
                    try await faulted.scenario.waitUntilGone(resource, "tenant-d-read")
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Lists that come slowly are waited for, and nothing is published before`(kind: ClusterKind) async throws {
            try await FaultedScenario.playRestart(kind) { faulted, running in
                try await faulted.scenario.stop(running)
                try await faulted.change()
                let (proxy, hashrings) = (faulted.proxy, faulted.scenario.hashrings)
                proxy.inject { $0.isList ? .slow(bytesPerSecond: 1000) : .pass }
                let slow = try faulted.startOperator()
                try await waitUntil("some lists are under way") { proxy.underWay.count(where: \.isList) > 3 }
                try await Task.sleep(for: .seconds(1))
                #expect(hashrings.latest == [OutageTests.hashring(3)])
                #expect(slow.writes == 0)
                return slow
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A watch that ends with 410 in its stream is read anew`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind) { faulted, _ in
                let watches = faulted.watches
                for _ in 0..<3 {
                    #expect(faulted.proxy.breakOpen(.expired) == watches.count)
                    try await waitUntil("the same watches are open") { faulted.watches == watches }
                }
                faulted.proxy.breakOpen(.expired)
                try await faulted.change()
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A watch that is answered with 410 is read anew`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind) { faulted, _ in
                faulted.proxy.inject { request in
                    request.isWatch && !request.isList ? .status(.expired("too old resource version: injected")) : .pass
                }
                faulted.proxy.forgetRequests()
                faulted.proxy.breakOpen(.cut)
                try await faulted.change()
                try await waitUntil("all watches have begun with a list") { faulted.proxy.watchCount > 8 }
                #expect(faulted.proxy.requests.contains { $0.request.isWatch && !$0.request.isList })
            }
        }

        @Test(arguments: ClusterKind.available, [150, 700])
        func `A watch that ends properly in the middle of an object is opened again`(kind: ClusterKind, bytes: Int)
            async throws
        {
            try await FaultedScenario.play(kind) { faulted, _ in
                let attempts = Attempts()
                faulted.proxy.inject { $0.isWatch && attempts.next($0) < 3 ? .truncate(after: bytes) : .pass }
                faulted.proxy.breakOpen(.cut)
                try await faulted.change()
            }
        }

        @Test(
            arguments: ClusterKind.available,
            [
                ("<html>502 Bad Gateway</html>", "text/html"), ("\u{0}\u{1}\u{fffd}{[", "application/json"),
                ("{\"type\":\"ADDED\"}\n", "application/json"), ("[]\n", "application/json"), ("", "application/json"),
            ])
        func `A watch that is answered with garbage is opened again`(kind: ClusterKind, garbage: (String, String))
            async throws
        {
            try await FaultedScenario.play(kind) { faulted, _ in
                let attempts = Attempts()
                faulted.proxy.inject {
                    $0.isWatch && attempts.next($0) < 3 ? .accepted(garbage.0, type: garbage.1) : .pass
                }
                faulted.proxy.breakOpen(.cut)
                try await faulted.change()
                try await waitUntil("there is garbage") { attempts.total > 8 }
            }
        }
    }
}
