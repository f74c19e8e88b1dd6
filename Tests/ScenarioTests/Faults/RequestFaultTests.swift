import Kube
@testable import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Faults of all requests, and of writes. See docs/faults.md.
    @Suite("Faults of requests", .timeLimit(.minutes(5))) struct RequestFaultTests {
        @Test(arguments: ClusterKind.available)
        func `No request is repeated before the time that 429 asks for`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind) { faulted, _ in
                let proxy = faulted.proxy
                let busy = APIStatus(httpCode: 429, message: "too many requests, please try again later")
                proxy.inject { _ in .status(busy, retryAfter: 2) }
                proxy.forgetRequests()
                proxy.breakOpen(.cut)
                try await faulted.change()
                try await waitUntil("something is asked for again and again") {
                    Self.arrivals(proxy).contains { $0.value.count >= 4 }
                }
                let arrivals = Self.arrivals(proxy)
                proxy.heal()
                #expect(arrivals.count > 8)
                for (request, times) in arrivals {
                    for (first, second) in zip(times, times.dropFirst()) {
                        #expect(second - first >= .seconds(2), "\(request)")
                    }
                }
            }
        }

        @Test(arguments: ClusterKind.available, [429, 500, 503])
        func `A storm of errors makes no storm of requests`(kind: ClusterKind, code: Int) async throws {
            try await FaultedScenario.play(kind) { faulted, running in
                let proxy = faulted.proxy
                let refusal = APIStatus(httpCode: code, message: "injected")
                proxy.inject { _ in .status(refusal) }
                proxy.forgetRequests()
                proxy.breakOpen(.cut)
                try await faulted.change()
                // This test is about time: what an operator asks for in it.
                try await Task.sleep(for: .seconds(5))
                let arrivals = Self.arrivals(proxy)
                #expect(running.metric("tributary_watches_failing") >= 8)
                proxy.heal()
                #expect(arrivals.count > 8)
                for (request, times) in arrivals { #expect(times.count <= 10, "\(request)") }
            }
        }

        /// The times at which the same was asked for. Two Events are not the same.
        private static func arrivals(_ proxy: FaultProxy) -> [String: [ContinuousClock.Instant]] {
            let repeated = proxy.requests.filter { $0.request.method != "POST" }
            return Dictionary(grouping: repeated) { arrived in
                let selector = arrived.request.query["labelSelector"] ?? ""
                return "\(arrived.request.method) \(arrived.request.path) \(selector)"
            }.mapValues { $0.map(\.arrival) }
        }

        @Test(arguments: ClusterKind.available)
        func `A write whose answer is lost is repeated and changes nothing`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind) { faulted, _ in
                try await Self.changeWithFaultyWrites(faulted, .cut(after: 0), .cut(after: 100))
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A write that never gets through is repeated`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind) { faulted, _ in
                try await Self.changeWithFaultyWrites(faulted, .close, .close)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A write that stalls is given up and repeated`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind, limits: { $0.stallTimeout = .seconds(2) }) { faulted, _ in
                try await Self.changeWithFaultyWrites(faulted, .stall(after: 0), .swallow)
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A write whose answer is garbage is repeated and changes nothing`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind) { faulted, _ in
                try await Self.changeWithFaultyWrites(
                    faulted, .truncate(after: 60), .accepted("<html>", type: "text/html"))
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Writes that take long come in the right order`(kind: ClusterKind) async throws {
            try await FaultedScenario.play(kind) { faulted, _ in
                try await Self.changeWithFaultyWrites(faulted, .delay(.milliseconds(700)), .delay(.milliseconds(300)))
            }
        }

        /// Makes the change while the first two attempts at each write have a fault.
        private static func changeWithFaultyWrites(
            _ faulted: FaultedScenario, _ first: FaultProxy.Fault, _ second: FaultProxy.Fault
        ) async throws {
            let (attempts, faults) = (Attempts(), Locked(0))
            faulted.proxy.inject { request in
                guard request.isWrite else { return .pass }
                let attempt = attempts.next(request)
                if attempt < 2 { faults.withLock { $0 += 1 } }
                return attempt == 0 ? first : attempt == 1 ? second : .pass
            }
            try await faulted.change()
            try await faulted.waitForEnd()
            #expect(faults.withLock { $0 } >= 5)
        }
    }
}
