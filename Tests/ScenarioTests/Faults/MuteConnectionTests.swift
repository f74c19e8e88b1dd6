import Kube
@testable import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Connections to the API server itself, which with kube-apiserver carry all requests at once, over HTTP/2 and TLS.
    @Suite("Mute connections", .timeLimit(.minutes(5))) struct MuteConnectionTests {
        @Test(arguments: ClusterKind.available)
        func `Connections on which nothing comes any more are replaced`(kind: ClusterKind) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                let server = scenario.operatorCluster.server
                let proxy = try await ByteProxy.start(to: server.port)
                var cluster = try ClusterConfiguration(server: "\(server.scheme)://127.0.0.1:\(proxy.port)")
                cluster.authorities = scenario.operatorCluster.authorities
                cluster.authentication = scenario.operatorCluster.authentication
                let running = scenario.startOperator(as: cluster) {
                    $0.deliveryInterval = nil
                } limits: {
                    $0.watchSilence = .seconds(5)
                    $0.stallTimeout = .seconds(4)
                }
                try await OutageTests.setUp(scenario)
                let connections = proxy.openConnectionCount
                proxy.mute()
                #expect(proxy.muteConnectionCount == connections && connections > 0)
                try await scenario.scale("a", to: 4)
                try await scenario.applyTenant("tenant-b")
                try await scenario.hashrings.waitFor(OutageTests.hashring(4), within: .seconds(40))
                try await scenario.waitForReady(Tenant.resource, "tenant-b", within: .seconds(40))
                try await scenario.waitForReady(GlobalView.resource, "main")
                try await waitUntil("all mute connections are closed", within: .seconds(40)) {
                    proxy.muteConnectionCount == 0
                }
                #expect(proxy.openConnectionCount <= connections + 40)
                OutageTests.expectGrowth(scenario, from: 4)
                try await scenario.stop(running)
                try await waitUntil("all connections are closed") { proxy.openConnectionCount == 0 }
                await proxy.stop()
            }
        }
    }
}
