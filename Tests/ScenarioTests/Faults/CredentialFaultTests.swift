#if canImport(Glibc)
import Glibc
#endif
import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Tokens that expire, and authorities that are replaced.
    @Suite(
        "Rotated credentials",
        .enabled(if: Program.path != nil, "tributary is not found next to the tests: set TRIBUTARY_BIN"),
        .enabled(if: RealAPIServer.assets != nil, "kube-apiserver is not found: set KUBEBUILDER_ASSETS"),
        .timeLimit(.minutes(5)))
    struct CredentialFaultTests {
        @Test
        func `A token that is replaced in its file is used without a restart, and readiness says when none works`()
            async throws
        {
            try await Scenario.play(on: .real, startsOperator: false) { scenario, server in
                let server = try #require(server)
                let files = try TemporaryDirectory()
                defer { files.remove() }
                var cluster = try await scenario.ownInstallation()
                try files.write("token", try await Self.token("one", scenario))
                cluster.authentication = .tokenFile(files.path("token"))
                try await Program.with(scenario, as: cluster) { program in
                    let port = try freePort()
                    let process = try program.start(["--metrics-bind-address", "127.0.0.1:\(port)"])
                    try await OutageTests.setUp(scenario)
                    let history = try await WriteHistory.record(scenario) { history in
                        let first = try TemporaryDirectory.read(files.path("token"))
                        try files.replace("token", try await Self.token("two", scenario))
                        try await Self.revoke("one", first, scenario)
                        try await scenario.scale("a", to: 4)
                        try await scenario.hashrings.waitFor(OutageTests.hashring(4))
                        try await scenario.applyTenant("tenant-b")
                        try await scenario.waitForReady(Tenant.resource, "tenant-b")

                        // Now none works. Watches that are open go on, until the API server ends them.
                        try await Self.revoke("two", try TemporaryDirectory.read(files.path("token")), scenario)
                        try await server.kill()
                        try await server.restart()
                        try await waitUntil("readiness says that it is not authorized") {
                            try await readiness(port: port).contains("Unauthorized")
                        }
                        try await history.settle()
                        let before = history.versions.filter { $0.object.hasPrefix("ConfigMap ") }
                        try await scenario.scale("a", to: 5)
                        try await waitUntil("the pod is ready") { scenario.workloads.isReady("a-4") }
                        try await history.settle()
                        #expect(history.versions.filter { $0.object.hasPrefix("ConfigMap ") } == before)

                        try files.replace("token", try await Self.token("three", scenario))
                        try await scenario.hashrings.waitFor(OutageTests.hashring(5), within: .seconds(60))
                        try await waitUntil("readiness says nothing of it") {
                            try await !readiness(port: port).contains("Unauthorized")
                        }
                        try await scenario.waitForReady(GlobalView.resource, "main")
                    }
                    #expect(process.isRunning)
                    #expect(history.faults(allowing: LeaderFaultTests.conditions) == [])
                    #expect(!process.log.contains("eyJ"), "no token is logged")
                    await process.stop()
                    try await scenario.expectComplete(resources: 3)
                }
            }
        }

        @Test func `A server with a certificate of another authority is trusted once the authority's file is replaced`()
            async throws
        {
            try await Scenario.play(on: .real, startsOperator: false) { scenario, server in
                let server = try #require(server)
                let files = try TemporaryDirectory()
                defer { files.remove() }
                var cluster = try await scenario.ownInstallation()
                let authority = server.certificates.authority
                cluster.authorities = .file(
                    try files.write("ca.crt", try TemporaryDirectory.read(authority)))
                try await Program.with(scenario, as: cluster) { program in
                    let port = try freePort()
                    let process = try program.start(["--metrics-bind-address", "127.0.0.1:\(port)"])
                    try await OutageTests.setUp(scenario)
                    let history = try await WriteHistory.record(scenario) { _ in
                        try await server.renewAuthority()
                        try await server.kill()
                        try await server.restart()
                        try await scenario.scale("a", to: 4)
                        try await waitUntil("readiness says that the server is not trusted") {
                            try await readiness(port: port).contains("certificate is not trusted")
                        }
                        #expect(scenario.hashrings.latest == [OutageTests.hashring(3)])
                        try files.replace("ca.crt", try TemporaryDirectory.read(authority))
                        try await scenario.hashrings.waitFor(OutageTests.hashring(4), within: .seconds(40))
                        try await scenario.waitForReady(GlobalView.resource, "main")
                        try await waitUntil("readiness says nothing of it") {
                            try await !readiness(port: port).contains("not trusted")
                        }
                    }
                    #expect(process.isRunning)
                    #expect(history.faults(allowing: LeaderFaultTests.conditions) == [])
                    await process.stop()
                    try await scenario.expectComplete(resources: 2)
                }
            }
        }

        /// A token of the operator's ServiceAccount that works for as long as a Secret exists.
        private static func token(_ secret: String, _ scenario: Scenario) async throws -> String {
            try await scenario.client.create(
                .secrets, Object(.secrets, namespace: scenario.namespace, name: "token-\(secret)", [:]))
            return try await Manifests.token(
                of: scenario.key("tributary"), scenario.client, boundTo: "token-\(secret)")
        }

        private static func revoke(_ secret: String, _ token: String, _ scenario: Scenario) async throws {
            try await scenario.client.delete(.secrets, scenario.key("token-\(secret)"))
            let probe = KubeClient(try await scenario.client.cluster.acting(asHolderOf: token), logger: quiet)
            try await waitUntil("the token is refused") {
                do {
                    _ = try await probe.list(Tenant.resource, namespace: scenario.namespace)
                    return false
                } catch let status as APIStatus where status.code == 401 {
                    return true
                }
            }
            await probe.shutdown()
        }
    }
}
