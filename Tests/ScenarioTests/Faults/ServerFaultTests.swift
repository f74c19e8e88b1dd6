#if canImport(Glibc)
import Glibc
#endif
import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// API servers that end and come back, some without their history, their definitions or the operator's permissions.
    @Suite(
        "Faults of the API server",
        .enabled(if: Program.path != nil, "tributary is not found next to the tests: set TRIBUTARY_BIN"),
        .timeLimit(.minutes(5)))
    struct ServerFaultTests {
        @Test(arguments: ClusterKind.available)
        func `An API server that ends in the middle of writes and comes back finds the operator as before`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(on: kind, startsOperator: false) { scenario, server in
                try await Program.with(scenario) { program in
                    let process = try program.start([])
                    try await OutageTests.setUp(scenario)
                    let history = try await WriteHistory.record(scenario) { _ in
                        for round in 0..<2 {
                            try await scenario.applyTenant("tenant-\(round)")
                            try await scenario.scale("a", to: 4 + round)
                            try await Self.restart(scenario, server)
                            try await scenario.hashrings.waitFor(OutageTests.hashring(4 + round), within: .seconds(90))
                            try await scenario.waitForReady(
                                Tenant.resource, "tenant-\(round)", within: .seconds(90))
                        }
                        try await scenario.waitForReady(GlobalView.resource, "main")
                    }
                    #expect(process.isRunning)
                    // kube-apiserver refuses writes until it knows the roles, which a status may say before the next try.
                    let conditions = LeaderFaultTests.conditions.union(["False ApplyRefused"])
                    #expect(history.faults(allowing: conditions) == [])
                    await process.stop()
                    try await scenario.expectComplete(resources: 4)
                }
            }
        }

        /// The same as in a local cluster is in ``OutageTests``.
        @Test(.enabled(if: RealAPIServer.assets != nil, "kube-apiserver is not found: set KUBEBUILDER_ASSETS"))
        func `The operator catches up after etcd was compacted while it was disconnected`() async throws {
            try await Scenario.play(on: .real, startsOperator: false) { scenario, server in
                let server = try #require(server)
                try await Program.with(scenario) { program in
                    let process = try program.start([])
                    try await OutageTests.setUp(scenario)
                    try await scenario.applyTenant("tenant-b")
                    try await scenario.waitForReady(Tenant.resource, "tenant-b")
                    process.signal(SIGSTOP)
                    // Its connections end with the server.
                    try await Self.restart(scenario, server)
                    try await scenario.scale("a", to: 5)
                    try await scenario.applyTenant("tenant-c")
                    try await scenario.client.delete(Tenant.resource, scenario.key("tenant-b"))
                    try await waitUntil("the new pods are ready") {
                        (3...4).allSatisfy { scenario.workloads.isReady("a-\($0)") }
                    }
                    let list = try await scenario.client.list(.pods, namespace: scenario.namespace)
                    try await server.compact(before: list.resourceVersion)
                    let history = try await WriteHistory.record(scenario) { _ in
                        process.signal(SIGCONT)
                        try await scenario.hashrings.waitFor(OutageTests.hashring(5), within: .seconds(90))
                        try await scenario.waitForReady(Tenant.resource, "tenant-c")
                        try await scenario.waitForReady(GlobalView.resource, "main")
                    }
                    #expect(process.isRunning)
                    #expect(history.faults(allowing: LeaderFaultTests.conditions) == [])
                    await process.stop()
                    try await scenario.expectComplete(resources: 3)
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Custom resources whose definition was deleted and made again are taken up without a restart`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(on: kind, startsOperator: false) { scenario, _ in
                try await Program.with(scenario) { program in
                    let port = try freePort()
                    let process = try program.start(["--metrics-bind-address", "127.0.0.1:\(port)"])
                    try await OutageTests.setUp(scenario)
                    let history = try await WriteHistory.record(scenario) { _ in
                        let definition = TributaryAPI.customResourceDefinitions.map { Object($0) }
                            .first { $0.name == "\(Tenant.resource)" }
                        let key = ObjectKey(namespace: "", name: try #require(definition).name)
                        try await scenario.client.delete(.customResourceDefinitions, key)
                        try await waitUntil("readiness names the kind that is not served") {
                            let text = try await readiness(port: port)
                            return ["list", "watch"].contains { text.contains("cannot \($0) tenants.tributary.dev") }
                        }
                        // The hashring follows its receivers as before.
                        try await scenario.scale("a", to: 4)
                        try await scenario.hashrings.waitFor(OutageTests.hashring(4))

                        try await Manifests.apply([try #require(definition)], scenario.client)
                        try await Manifests.waitForDefinitions(scenario.client)
                        for tenant in ["tenant-a", "tenant-b"] {
                            _ = try await waitFor("the API server takes \(tenant)") {
                                do { return try await scenario.applyTenant(tenant) } catch is APIStatus { return nil }
                            }
                            try await scenario.waitForReady(Tenant.resource, tenant, within: .seconds(60))
                        }
                        try await waitUntil("readiness says nothing of it") {
                            try await !readiness(port: port).contains("tenants.tributary.dev")
                        }
                    }
                    #expect(process.isRunning)
                    // Kubernetes deletes what the tenant owned.
                    let faults = history.faults(allowing: LeaderFaultTests.conditions) { $0.contains(" tenant-a") }
                    #expect(faults == [])
                    await process.stop()
                    try await scenario.expectComplete(resources: 3)
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An operator whose permissions are withdrawn says so, writes nothing, and goes on when they are back`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(on: kind, startsOperator: false) { scenario, server in
                try await Program.with(scenario, as: try await scenario.ownInstallation()) { program in
                    let port = try freePort()
                    let process = try program.start(["--metrics-bind-address", "127.0.0.1:\(port)"])
                    try await OutageTests.setUp(scenario)
                    let history = try await WriteHistory.record(scenario) { history in
                        let binding = try await Self.withdraw(scenario)
                        try await scenario.scale("a", to: 4)
                        try await waitUntil("the pod is ready") { scenario.workloads.isReady("a-3") }
                        try await waitUntil("the log says that a write is forbidden") {
                            process.log.split(separator: "\n").contains {
                                $0.contains("orbidden") && $0.contains("configmaps")
                            }
                        }
                        // Watches that are open go on until the API server ends them.
                        try await Self.restart(scenario, server)
                        try await waitUntil("readiness says what is forbidden") {
                            try await readiness(port: port).contains("orbidden")
                        }
                        try await history.settle()
                        #expect(scenario.hashrings.latest == [OutageTests.hashring(3)])
                        #expect(history.versions.allSatisfy { $0.ready == nil || $0.ready == "True Ready" })

                        try await Self.giveBack(binding, scenario)
                        try await scenario.hashrings.waitFor(OutageTests.hashring(4), within: .seconds(60))
                        try await scenario.applyTenant("tenant-b")
                        try await scenario.waitForReady(Tenant.resource, "tenant-b", within: .seconds(40))
                        try await scenario.waitForReady(GlobalView.resource, "main")
                        try await waitUntil("readiness says nothing of it") {
                            try await !readiness(port: port).contains("orbidden")
                        }
                    }
                    #expect(process.isRunning)
                    // It says so until the watch is tried again.
                    let conditions = LeaderFaultTests.conditions.union(["False WatchForbidden"])
                    #expect(history.faults(allowing: conditions) == [])
                    await process.stop()
                    try await scenario.expectComplete(resources: 3)
                }
            }
        }

        // MARK: -

        private static func restart(_ scenario: Scenario, _ server: RealAPIServer?) async throws {
            if let server {
                try await server.kill()
                try await server.restart()
            } else if let local = scenario.local {
                await local.stop()
                // Long enough for the first attempts to fail.
                try await Task.sleep(for: .milliseconds(500))
                try await local.start()
            }
        }

        /// Withdraws the operator's permissions in the namespace; returns the binding that gave them.
        private static func withdraw(_ scenario: Scenario) async throws -> Object? {
            guard let local = scenario.local else {
                let binding = try await scenario.get(.roleBindings, "tributary")
                try await scenario.client.delete(.roleBindings, scenario.key("tributary"))
                return binding
            }
            local.faults = { request in
                guard request.userAgent.hasPrefix("tributary/"), !request.resource.isEmpty else { return nil }
                return .status(APIStatus(httpCode: 403, message: "\(request.resource) is forbidden: injected"))
            }
            return nil
        }

        private static func giveBack(_ binding: Object?, _ scenario: Scenario) async throws {
            scenario.local?.faults = nil
            guard var binding else { return }
            binding.json["metadata", "resourceVersion"] = nil
            binding.json["metadata", "uid"] = nil
            binding.json["metadata", "managedFields"] = nil
            try await scenario.client.create(.roleBindings, binding)
        }
    }
}
