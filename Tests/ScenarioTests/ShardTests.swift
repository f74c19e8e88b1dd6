import Kube
import KubeClient
import Operator
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// Operators that share the namespaces of a cluster.
    @Suite("Shards", .timeLimit(.minutes(5))) struct ShardTests {
        private static let teams = (0..<6).map { "team-\($0)" }

        @Test(arguments: ClusterKind.available)
        func `Each namespace has one writer, also while a shard is added and one dies`(kind: ClusterKind) async throws {
            try await Scenario.play(on: kind, startsOperator: false) { scenario, _ in
                try await Writes.record(of: scenario) { try await play(scenario, $0) }
            }
        }

        private func play(_ scenario: Scenario, _ writes: Writes) async throws {
            let lease = try await scenario.installedLease()
            func start(_ index: Int, of count: Int, _ name: String) async throws -> RunningOperator {
                let shard = try #require(NamespaceShard(index, of: count))
                return scenario.startOperator(userAgent: name, as: try await writes.door(of: name)) {
                    $0.namespaces = .all
                    $0.lease = lease
                    $0.shard = shard
                }
            }
            let old = [try await start(0, of: 2, "0-of-2"), try await start(1, of: 2, "1-of-2")]
            for team in Self.teams { try await Self.make(team, scenario) }
            for team in Self.teams { try await Self.waitFor("first", in: team, scenario) }
            // A third shard is added: the new ones wait for both of the old ones.
            var new: [RunningOperator] = []
            for index in 0..<3 { new.append(try await start(index, of: 3, "\(index)-of-3")) }
            let standby = try await start(2, of: 3, "2-of-3-standby")
            try await waitUntil("the new ones wait", within: .seconds(60)) {
                new.allSatisfy { $0.log.lines.contains { $0.contains("another layout") } }
            }
            try await Self.apply("second", in: Self.teams, scenario)
            for team in Self.teams { try await Self.waitFor("second", in: team, scenario) }
            try await scenario.stop(old[0])
            // The last old one vanishes without giving its lease back.
            writes.cut("1-of-2")
            try await Self.apply("third", in: Self.teams, scenario)
            for team in Self.teams { try await Self.waitFor("third", in: team, scenario) }
            // One of the new ones vanishes as well.
            let orphaned = Self.teams.filter { NamespaceShard(2, of: 3)?.has(namespace: $0) == true }
            #expect(!orphaned.isEmpty)
            let leader = try await scenario.holder(of: NamespaceShard(2, of: 3)?.lease(from: lease) ?? lease)
            writes.cut(try #require(leader))
            try await Self.apply("fourth", in: Self.teams, scenario)
            for team in Self.teams { try await Self.waitFor("fourth", in: team, scenario) }
            Self.expectOneWriter(writes.all)
            for lost in [old[1]] + [leader == "2-of-3" ? new[2] : standby] {
                await #expect(throws: (any Error).self) { try await scenario.stop(lost) }
            }
            for running in [new[0], new[1], leader == "2-of-3" ? standby : new[2]] {
                try await scenario.stop(running)
            }
        }

        /// Expects that the shards of one layout write in their own namespaces only, and only after the last write of
        /// the layout before.
        private static func expectOneWriter(_ writes: [Write]) {
            var layouts: [String] = []
            for write in writes {
                let parts = write.by.split(separator: "-")
                guard let index = Int(parts[0]), let count = Int(parts[2]) else { continue }
                #expect(
                    NamespaceShard(index, of: count)?.has(namespace: write.namespace) == true,
                    "\(write.by) wrote in \(write.namespace)")
                if layouts.last != "\(count)" { layouts.append("\(count)") }
            }
            #expect(layouts == ["2", "3"])
            for team in teams {
                let writers = writes.filter { $0.namespace == team }.map(\.by)
                let changes = zip(writers, writers.dropFirst()).count { $0 != $1 }
                #expect((1...2).contains(changes), "\(team): \(writers)")
            }
        }

        private static func make(_ team: String, _ scenario: Scenario) async throws {
            try await scenario.client.create(.namespaces, Object(.namespaces, name: team))
            try await scenario.client.apply(
                GlobalView.resource,
                Object(
                    GlobalView.resource, namespace: team, name: "main",
                    ["spec": ["external": ["writeURL": "http://w.example.org/", "queryURL": "http://q.example.org/"]]]),
                fieldManager: "kubectl", force: true)
            try await apply("first", in: [team], scenario)
        }

        private static func apply(_ tenant: String, in teams: [String], _ scenario: Scenario) async throws {
            for team in teams {
                try await scenario.client.apply(
                    Tenant.resource,
                    Object(
                        Tenant.resource, namespace: team, name: tenant, ["spec": ["globalViewRef": ["name": "main"]]]),
                    fieldManager: "kubectl", force: true)
            }
        }

        /// Waits until a tenant has its read proxy and a status.
        private static func waitFor(_ tenant: String, in team: String, _ scenario: Scenario) async throws {
            try await waitUntil("\(team)/\(tenant) has its objects", within: .seconds(90)) {
                let proxies = try await scenario.client.list(.deployments, namespace: team).items.map(\.name)
                let object = try await scenario.client.get(
                    Tenant.resource, ObjectKey(namespace: team, name: tenant))
                return proxies.contains("\(tenant)-read") && object.json["status", "id"] != nil
            }
        }
    }

    fileprivate struct Write: Sendable {
        var by: String
        var namespace: String
    }

    /// The writes of operators that reached a cluster, in order, without leases and Events; and a way to cut an operator off.
    fileprivate final class Writes: Sendable {
        private let cluster: Int
        private let doors = Locked<[String: FaultProxy]>([:])
        private let found = Locked<[Write]>([])

        var all: [Write] { found.withLock { $0 } }

        private init(_ cluster: Int) { self.cluster = cluster }

        /// Records while a test does something, and lets no operator through after that.
        static func record(of scenario: Scenario, _ body: (Writes) async throws -> Void) async throws {
            try await scenario.withPlainPort { port in
                let writes = Writes(port)
                do {
                    try await body(writes)
                } catch {
                    await writes.stop()
                    throw error
                }
                await writes.stop()
            }
        }

        /// How an operator connects whose writes are to be seen.
        func door(of name: String) async throws -> ClusterConfiguration {
            let proxy = try await FaultProxy.start(to: cluster)
            let found = found
            proxy.inject { request in
                let parts = request.path.split(separator: "/").map(String.init)
                let space = parts.firstIndex(of: "namespaces").map { parts[($0 + 1)...].map(\.self) } ?? []
                if request.isWrite, space.count > 1, !["leases", "events"].contains(space[1]) {
                    found.withLock { $0.append(Write(by: name, namespace: space[0])) }
                }
                return .pass
            }
            doors.withLock { $0[name] = proxy }
            return try ClusterConfiguration(server: proxy.url)
        }

        func cut(_ name: String) {
            let door = doors.withLock { $0[name] }
            door?.inject { _ in .close }
            door?.breakOpen(.cut) { _ in true }
        }

        private func stop() async {
            for door in doors.withLock({ $0.values.map(\.self) }) { await door.stop() }
        }
    }
}
