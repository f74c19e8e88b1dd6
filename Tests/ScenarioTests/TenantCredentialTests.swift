import Kube
import KubeClient
import TestSupport
import Testing
import TributaryAPI

extension Scenarios {
    /// The Secrets with which tenants write and read through a gateway.
    @Suite("Credentials of tenants", .timeLimit(.minutes(5))) struct TenantCredentialTests {
        private static let write = "tenant-a-write-credential"

        @Test(arguments: ClusterKind.available)
        func `Credentials are issued, replaced when deleted, rotated on demand, and told to nobody`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                var tokens: Set<String> = []
                try await scenario.applyViewWithGateway()
                try await scenario.applyTenant("tenant-a")
                for purpose in ["write", "read"] {
                    tokens.insert(try await scenario.token("tenant-a-\(purpose)-credential"))
                }
                #expect(tokens.count == 2)
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                let first = try await scenario.token(Self.write)

                // A new process writes nothing.
                try await waitUntil("the status shows both credentials") {
                    let status = try await scenario.get(Tenant.resource, "tenant-a")?.json["status", "credentials"]
                    return status?["read", "validSince"] != nil && status?["write", "validSince"] != nil
                }
                _ = try await waitFor("there is a datasource") {
                    try await scenario.get(.secrets, "tenant-a-datasource")
                }
                try await scenario.settle()
                let versions = try await scenario.versions().filter { $0.key.contains(" tenant-a") }
                #expect(versions.count == 4)
                try await scenario.stop(try scenario.tributary)
                scenario.startOperator()
                try await scenario.applyTenant("probe")
                try await scenario.waitForReady(Tenant.resource, "probe")
                for (object, version) in versions {
                    #expect(try await scenario.versions()[object] == version, "\(object)")
                }

                try await scenario.client.delete(.secrets, scenario.key(Self.write))
                let second = try await scenario.token(Self.write) { $0 != first }
                tokens.insert(second)

                try await scenario.patch(
                    Tenant.resource, "tenant-a", ["metadata": ["annotations": ["tributary.dev/rotate": "now"]]])
                let third = try await scenario.token(Self.write) { $0 != second }
                tokens.insert(third)
                let rotated = try #require(try await scenario.get(.secrets, Self.write))
                #expect(rotated.json["data", "former-token"] == JSON(Base64.encode(second.utf8)))
                try await waitUntil("the status says until when the former credential is accepted") {
                    let status = try await scenario.get(Tenant.resource, "tenant-a")?.json["status", "credentials"]
                    return status?["write", "formerValidUntil"]?.string
                        == rotated.annotations["tributary.dev/former-valid-until"]
                }

                // An edit by hand counts.
                let own = "a-credential-of-my-own"
                tokens.insert(own)
                try await scenario.patch(.secrets, Self.write, ["stringData": ["token": JSON(own)]])
                try await waitUntil("the password follows the token") {
                    try await scenario.get(.secrets, Self.write)?.json["data", "password"]
                        == JSON(Base64.encode(own.utf8))
                }
                // An edit that is wrong is reported and stays.
                try await scenario.patch(.secrets, Self.write, ["stringData": ["token": "with a blank in it"]])
                try await scenario.waitForReady(Tenant.resource, "tenant-a", "False CredentialInvalid")
                try await waitUntil("an Event reports it") {
                    try await scenario.events("CredentialInvalid", about: "tenant-a").count == 1
                }
                tokens.insert("with a blank in it")
                #expect(try await scenario.leaks(of: tokens) == [])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `An agent has the credential for as long as the tenant lists it`(kind: ClusterKind) async throws {
            try await Scenario.play(kind) { scenario in
                // The copy follows after a third of the overlap.
                let grants: JSON = [
                    "agents": [["namespace": JSON(scenario.namespace), "name": "cluster"]],
                    "credentials": ["overlap": "9s"],
                ]
                try await scenario.applyViewWithGateway()
                try await scenario.applyTenant("tenant-a")
                try await scenario.apply(
                    PrometheusAgent.resource, "cluster", ["spec": ["tenantRef": ["name": "tenant-a"]]])
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster", "False AgentNotGranted")
                #expect(try await scenario.copies() == [])

                try await scenario.applyTenant("tenant-a", grants)
                try await scenario.waitForReady(PrometheusAgent.resource, "cluster")
                let copy = try #require(try await scenario.copies().first)
                let first = try await scenario.token(Self.write)
                #expect(try await scenario.token(copy) == first)
                let configuration = try #require(try await scenario.configuration())
                #expect(configuration.contains("credentials_file: /etc/prometheus/secrets/\(copy)/token"))

                try await scenario.patch(
                    Tenant.resource, "tenant-a", ["metadata": ["annotations": ["tributary.dev/rotate": "1"]]])
                let second = try await scenario.token(copy) { $0 != first }
                #expect(try await scenario.token(Self.write) == second)
                #expect(try await scenario.configuration() == configuration)

                try await scenario.applyTenant("tenant-a")
                try await waitUntil("the copy is gone") { try await scenario.copies() == [] }
                // The pods go on: the agent has no other configuration yet.
                #expect(try await scenario.get(.statefulSets, "cluster-agent") != nil)
                #expect(try await scenario.leaks(of: [first, second]) == [])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A Secret that the tenant names is followed, and a Secret of somebody else stays`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyViewWithGateway()
                try await scenario.apply(.secrets, "tenant-b-read-credential", ["stringData": ["token": "theirs"]])
                try await scenario.applyTenant(
                    "tenant-a", ["credentials": ["writeSecretRef": ["name": "mine", "key": "w"]]])
                try await scenario.applyTenant("tenant-b")
                try await scenario.waitForReady(Tenant.resource, "tenant-a", "False CredentialNotFound")
                try await scenario.apply(.secrets, "mine", ["stringData": ["w": "write-write-write"]])
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                #expect(try await scenario.get(.secrets, Self.write) == nil)
                _ = try await scenario.token("tenant-a-read-credential")

                try await scenario.waitForReady(Tenant.resource, "tenant-b", "False ObjectConflict")
                #expect(try await scenario.token("tenant-b-read-credential") == "theirs")
                _ = try await scenario.token("tenant-b-write-credential")

                let shared = try await scenario.token("tenant-a-read-credential")
                try await scenario.apply(.secrets, "mine", ["stringData": ["w": JSON(shared)]])
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await scenario.applyTenant(
                    "tenant-c", ["credentials": ["writeSecretRef": ["name": "mine", "key": "w"]]])
                try await scenario.waitForReady(Tenant.resource, "tenant-a", "False CredentialShared")
                try await scenario.waitForReady(Tenant.resource, "tenant-c", "False CredentialShared")
                #expect(try await scenario.leaks(of: ["write-write-write", shared]) == [])
            }
        }

        @Test(arguments: ClusterKind.available)
        func `Two operators at once do not replace each other's credentials`(kind: ClusterKind) async throws {
            try await Scenario.play(kind, startsOperator: false) { scenario in
                try await scenario.applyViewWithGateway()
                let names = (0..<12).map { "tenant-\($0)" }
                for name in names { try await scenario.applyTenant(name) }
                for name in ["first", "second"] { scenario.startOperator(userAgent: name) }
                var tokens: [String: String] = [:]
                for name in names {
                    tokens[name] = try await scenario.token("\(name)-write-credential")
                }
                for name in names {
                    try await scenario.waitForReady(Tenant.resource, name)
                    #expect(try await scenario.token("\(name)-write-credential") == tokens[name])
                }
            }
        }

        @Test(arguments: ClusterKind.available)
        func `A tenant that is offboarded loses what was created for it when its reads end`(
            kind: ClusterKind
        ) async throws {
            try await Scenario.play(kind) { scenario in
                try await scenario.applyViewWithGateway()
                try await scenario.applyTenant("tenant-a")
                try await scenario.waitForReady(Tenant.resource, "tenant-a")
                try await scenario.applyTenant("tenant-a", ["offboarding": ["readsFor": "1h"]])
                let reading = try await waitFor("the status says so") { () -> JSON? in
                    try await scenario.get(Tenant.resource, "tenant-a")?.json["status", "offboarding"]
                }
                #expect(reading["phase"] == "ReadOnly")
                #expect(try await scenario.get(.secrets, "tenant-a-datasource") != nil)

                try await scenario.stop(try scenario.tributary)
                scenario.startOperator()
                try await scenario.applyTenant("tenant-a", ["offboarding": [:]])
                try await scenario.waitUntilGone(.secrets, "tenant-a-datasource")
                try await scenario.waitUntilGone(.secrets, Self.write)
                let tenant = try await scenario.waitForReady(Tenant.resource, "tenant-a")
                #expect(tenant.json["status", "offboarding", "phase"] == "Removed")
                #expect(tenant.json["status", "offboarding", "since"] == reading["since"])
            }
        }
    }
}

extension Scenario {
    /// Applies the global view `main` with a gateway.
    fileprivate func applyViewWithGateway() async throws {
        try await apply(
            GlobalView.resource, "main",
            [
                "spec": [
                    "external": [
                        "writeURL": "http://mimir.example.org/api/v1/push",
                        "queryURL": "http://mimir.example.org/prometheus", "tenantHeader": "X-Scope-OrgID",
                    ], "gateway": [:],
                ]
            ])
    }

    /// Waits for a Secret with a token.
    fileprivate func token(
        _ secret: String, where isExpected: (String) -> Bool = { _ in true }
    ) async throws -> String {
        try await waitFor("Secret \(secret) has the expected token") {
            let data = try await get(.secrets, secret)?.json["data", "token"]?.string
            let token = data.flatMap { Base64.decode($0.utf8) }.map { String(decoding: $0, as: UTF8.self) }
            return token.flatMap { isExpected($0) ? $0 : nil }
        }
    }

    /// The copies of credentials beside agents.
    fileprivate func copies() async throws -> [String] {
        try await client.list(.secrets, namespace: namespace).items.map(\.name).filter { $0.contains("-write-as-") }
    }

    /// Where credentials are told that should not be: in logs, Events, custom resources and everything else but Secrets.
    fileprivate func leaks(of tokens: Set<String>) async throws -> [String] {
        var places: [(String, String)] = try tributary.log.lines.map { ("log", $0) }
        let kinds =
            [.events, GlobalView.resource, Tenant.resource, PrometheusAgent.resource] + Self.madeKinds
        for resource in kinds where resource != .secrets {
            for object in try await client.list(resource, namespace: namespace).items {
                places.append(("\(object)", object.json.text()))
            }
        }
        let texts = tokens.flatMap { [$0, Base64.encode($0.utf8)] }
        return places.filter { place in texts.contains { place.1.contains($0) } }.map(\.0)
    }
}
