import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("Credentials of tenants")
struct TenantCredentialTests {
    private static let write = "tenant-a-write-credential"

    private static func scene(_ tenant: String = "{}", view: String = Samples.walled) throws -> Scene {
        var scene = try Scene(view, Samples.tenant("tenant-a", tenant))
        scene.makeRandom(1)
        return scene
    }

    // MARK: - Issuing

    @Test func `A tenant behind a gateway gets one Secret for writing and another for reading`() throws {
        let plan = try Self.scene().plan(tenant: "tenant-a")
        #expect(plan.messages == [])
        var tokens: Set<String> = []
        for purpose in ["write", "read"] {
            let secret = try plan.object("Secret", "tenant-a-\(purpose)-credential")
            #expect(secret.json["type"] == "Opaque")
            #expect(secret.labels["tributary.dev/credential"] == purpose)
            #expect(secret.ownerReferences.map(\.kind) == ["Tenant"])
            #expect(secret.annotations == ["tributary.dev/valid-since": Scene.start.description])
            #expect(secret.dataKeys == ["password", "token", "username"])
            #expect(try secret.value("username") == "tenant-a")
            #expect(try secret.value("password") == secret.value("token"))
            let token = try secret.value("token")
            #expect(token.utf8.count == 43 && token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
            tokens.insert(token)
        }
        #expect(tokens.count == 2)
    }

    @Test func `A tenant without a gateway, and a plan without random bytes, get none`() throws {
        let plain = try Self.scene(view: Samples.external).plan(tenant: "tenant-a")
        #expect(!plain.names.contains { $0.hasPrefix("Secret") })
        var offline = try Self.scene()
        offline.snapshot.entropy = nil
        #expect(!offline.plan(tenant: "tenant-a").names.contains { $0.hasPrefix("Secret") })
    }

    @Test func `Two tenants, and two processes, make different credentials`() throws {
        var scene = try Self.scene()
        try scene.add(Samples.tenant("tenant-b"))
        let first = try scene.plan(tenant: "tenant-a").object("Secret", Self.write).value("token")
        #expect(
            try scene.plan(tenant: "tenant-b").object("Secret", "tenant-b-write-credential").value("token") != first)
        scene.makeRandom(2)
        #expect(try scene.plan(tenant: "tenant-a").object("Secret", Self.write).value("token") != first)
    }

    @Test func `A credential that exists is planned again by every process, byte for byte`() throws {
        var scene = try Self.scene()
        func credentials() -> [Object] {
            scene.plan(tenant: "tenant-a").objects.filter { $0.name.hasSuffix("-credential") }
        }
        let first = credentials()
        #expect(first.count == 2)
        try scene.applyCredentials(of: "tenant-a")
        scene.makeRandom(2)
        scene.pass(hours: 5000)
        #expect(credentials() == first)
        scene.snapshot.entropy = nil
        #expect(credentials() == first)
    }

    @Test func `A Secret that vanishes is replaced by one with another credential`() throws {
        var scene = try Self.scene()
        let old = try scene.plan(tenant: "tenant-a").object("Secret", Self.write).value("token")
        try scene.applyCredentials(of: "tenant-a")
        scene.snapshot.take(.tenantCredential(Scene.key("tenant-a"), .write, nil))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(try plan.object("Secret", Self.write).value("token") != old)
        #expect(plan.replaces[Scene.key(Self.write)] == nil)
        #expect(plan.replaces[Scene.key("tenant-a-read-credential")] != nil)
        #expect(scene.plan(tenant: "tenant-a") == plan)
    }

    @Test func `A token that somebody has put into the Secret counts from then on`() throws {
        var scene = try Self.scene()
        try scene.applyCredentials(of: "tenant-a")
        scene.pass(hours: 2)
        var secret = try scene.plan(tenant: "tenant-a").object("Secret", Self.write)
        secret.json["data", "token"] = JSON(Base64.encode("a-token-of-my-own".utf8))
        try scene.snapshot.take(secret)
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.messages == [])
        let planned = try plan.object("Secret", Self.write)
        #expect(try planned.value("token") == "a-token-of-my-own")
        #expect(try planned.value("password") == "a-token-of-my-own")
        #expect(planned.annotations["tributary.dev/valid-since"] == scene.snapshot.now.description)
        #expect(scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-a")) == ["a-token-of-my-own"])
    }

    @Test(arguments: [
        ("abc", "found 3 characters"), ("with a blank in it", "found a blank at position 5"),
        (String(repeating: "x", count: 600), "found 600 characters"),
        ("quoted\\\"quoted-quoted", "found a character that is not allowed at position 7"),
        ("umlaut-ü-0123456789", "found a character that is not allowed at position 8"),
    ])
    func `A Secret with a malformed credential stays, and the message does not tell the credential`(
        token: String, found: String
    ) throws {
        var scene = try Self.scene()
        try scene.add(Samples.tenant("tenant-b"))
        try scene.applyCredentials(of: "tenant-a")
        try scene.add(Samples.secret(Self.write, ["token": token]))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(
            plan.messages == [
                "error: Tenant observability/tenant-a: key \"token\" of Secret observability/\(Self.write): \(found), "
                    + "expected 16 to 512 letters, digits and -._~+/="
            ])
        #expect(!plan.names.contains("Secret \(Self.write)"))
        #expect(plan.names.contains("Secret tenant-a-read-credential"))
        #expect(plan.keeps.map(\.key.name) == [Self.write])
        #expect(try plan.readiness(of: "tenant-a") == "False CredentialInvalid")
        #expect(try !plan.status(of: "tenant-a").text().contains(token))
        #expect(scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-a")) == [])
        #expect(scene.plan(tenant: "tenant-b").messages == [])
    }

    @Test func `A Secret without the key is reported with the keys that it has`() throws {
        var scene = try Self.scene()
        try scene.add(Samples.secret(Self.write, ["tokn": "0123456789abcdef", "username": "x"]))
        let message = try #require(scene.plan(tenant: "tenant-a").messages.first)
        #expect(message.hasSuffix("\(Self.write): is missing; the Secret has the keys tokn, username"))
    }

    // MARK: - Rotation

    @Test func `A changed annotation rotates once, and the former credential is accepted for the overlap`() throws {
        var scene = try Self.scene("{credentials: {overlap: 2h}}")
        try scene.applyCredentials(of: "tenant-a")
        let old = try scene.plan(tenant: "tenant-a").object("Secret", Self.write).value("token")
        scene.pass(hours: 1)
        let rotated = scene.snapshot.now
        try scene.change("tenant-a") { $0.metadata.annotations = ["tributary.dev/rotate": "1"] }
        let secret = try scene.plan(tenant: "tenant-a").object("Secret", Self.write)
        let new = try secret.value("token")
        #expect(new != old)
        #expect(try secret.value("former-token") == old)
        #expect(
            secret.annotations == [
                "tributary.dev/valid-since": rotated.description, "tributary.dev/rotated-for": "1",
                "tributary.dev/former-valid-until": rotated.advanced(by: .seconds(7200)).description,
            ])
        // Until the rotation is written, the gateway accepts what there is.
        #expect(scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-a")) == [old])
        try scene.applyCredentials(of: "tenant-a")
        #expect(scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-a")) == [new, old])
        let status = try scene.plan(tenant: "tenant-a").status(of: "tenant-a")["credentials", "write"]
        #expect(
            status == [
                "secretName": JSON(Self.write), "validSince": JSON(rotated.description),
                "formerValidUntil": JSON(rotated.advanced(by: .seconds(7200)).description),
            ])
        // Another process goes on from the Secret.
        scene.makeRandom(9)
        #expect(try scene.plan(tenant: "tenant-a").object("Secret", Self.write).value("token") == new)
        // The datasource gets the new credential later.
        #expect(scene.plan(tenant: "tenant-a").recheckAfter == .seconds(120))
        scene.snapshot.now = rotated.advanced(by: .seconds(120))
        #expect(scene.plan(tenant: "tenant-a").recheckAfter == .seconds(7081))
        scene.pass(hours: 2)
        #expect(scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-a")) == [new])
        let after = try scene.plan(tenant: "tenant-a").object("Secret", Self.write)
        #expect(after.dataKeys == ["password", "token", "username"])
        #expect(
            after.annotations == [
                "tributary.dev/valid-since": rotated.description, "tributary.dev/rotated-for": "1",
            ])
        #expect(try after.value("token") == new)
    }

    @Test(arguments: [(0, 0), (6, 2), (300, 100), (86_400, 120)])
    func `Clients get a new token before the former one ends, and not before gateways accept it`(
        overlap: Int, wait: Int
    ) throws {
        let end = Scene.start.advanced(by: .seconds(overlap))
        let credential = TenantCredential(
            token: "new", validSince: Scene.start, former: "old", formerValidUntil: end)
        func handedOut(after seconds: Int) -> String {
            credential.handedOut(at: Scene.start.advanced(by: .seconds(seconds)))
        }
        if wait > 0 {
            #expect(credential.waits(at: Scene.start) == .seconds(wait))
            #expect(handedOut(after: wait - 1) == "old")
        }
        #expect(handedOut(after: wait) == "new" && handedOut(after: overlap + 1) == "new")
        // Another clock.
        #expect(handedOut(after: -1) == "new")
        #expect(credential.waits(at: end) == nil)
        #expect(TenantCredential(token: "new", validSince: Scene.start).waits(at: Scene.start) == nil)
    }

    @Test func `A tenant that is created with the annotation is not rotated for it`() throws {
        var scene = try Self.scene()
        try scene.change("tenant-a") { $0.metadata.annotations = ["tributary.dev/rotate": "first"] }
        try scene.applyCredentials(of: "tenant-a")
        let secret = try scene.plan(tenant: "tenant-a").object("Secret", Self.write)
        #expect(secret.dataKeys == ["password", "token", "username"])
        #expect(secret.annotations["tributary.dev/rotated-for"] == "first")
        try scene.change("tenant-a") { $0.metadata.annotations = nil }
        #expect(try scene.plan(tenant: "tenant-a").object("Secret", Self.write) == secret)
    }

    @Test func `Without an overlap the former credential ends at once`() throws {
        var scene = try Self.scene("{credentials: {overlap: 0s}}")
        try scene.applyCredentials(of: "tenant-a")
        try scene.change("tenant-a") { $0.metadata.annotations = ["tributary.dev/rotate": "1"] }
        #expect(
            try scene.plan(tenant: "tenant-a").object("Secret", Self.write).dataKeys
                == ["password", "token", "username"])
    }

    @Test func `Credentials are rotated on schedule, not earlier and not twice`() throws {
        var scene = try Self.scene("{credentials: {rotateEvery: 30d}}")
        try scene.applyCredentials(of: "tenant-a")
        var tokens = [try scene.plan(tenant: "tenant-a").object("Secret", Self.write).value("token")]
        for _ in 0..<70 {
            scene.pass(hours: 24)
            for _ in 0..<2 { try scene.applyCredentials(of: "tenant-a") }
            let token = try scene.plan(tenant: "tenant-a").object("Secret", Self.write).value("token")
            if token != tokens.last { tokens.append(token) }
        }
        #expect(Set(tokens).count == 3)
        #expect(scene.plan(tenant: "tenant-a").recheckAfter == .seconds(86_400))
    }

    @Test(arguments: ["0s", "1s"])
    func `A schedule of less than ten minutes is taken as ten minutes`(every: String) throws {
        var scene = try Self.scene("{credentials: {rotateEvery: \(every)}}")
        try scene.applyCredentials(of: "tenant-a")
        let plan = scene.plan(tenant: "tenant-a")
        #expect(
            plan.messages == [
                "warning: Tenant observability/tenant-a: spec.credentials.rotateEvery: \"\(every)\" is shorter than 10m, "
                    + "after which the credentials are rotated: files in pods are renewed within two minutes"
            ])
        #expect(plan.recheckAfter == .seconds(601))
        #expect(plan.replaces.values.allSatisfy { $0.former == nil })
    }

    // MARK: - Secrets of others

    @Test func `A credential in a Secret that the tenant names is used, and none is created`() throws {
        var scene = try Self.scene(
            "{credentials: {writeSecretRef: {name: mine, key: w}, readSecretRef: {name: mine, key: r}}}")
        try scene.add(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: mine}
            stringData: {w: "write-write-write-write\\n", r: read-read-read-read-read}
            """)
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.messages == [])
        #expect(!plan.names.contains { $0.hasSuffix("-credential") })
        #expect(scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-a")) == ["write-write-write-write"])
        #expect(scene.snapshot.acceptedTokens(.read, of: Scene.key("tenant-a")) == ["read-read-read-read-read"])
        #expect(
            try plan.status(of: "tenant-a")["credentials"]
                == ["write": ["secretName": "mine"], "read": ["secretName": "mine"]])
    }

    @Test func `A Secret or a key that is missing is reported at the field that names it`() throws {
        var scene = try Self.scene("{credentials: {writeSecretRef: {name: mine, key: w}}}")
        let about = "error: Tenant observability/tenant-a: spec.credentials.writeSecretRef:"
        #expect(scene.plan(tenant: "tenant-a").messages == ["\(about) there is no Secret observability/mine"])
        try scene.add(Samples.secret("mine", ["one": "1", "two": "2"]))
        #expect(
            scene.plan(tenant: "tenant-a").messages
                == ["\(about) Secret observability/mine has no key \"w\"; it has: one, two"])
        try scene.add(Samples.secret("mine", ["w": "short"]))
        #expect(
            scene.plan(tenant: "tenant-a").messages == [
                "\(about) key \"w\" of Secret observability/mine: found 5 characters, expected 16 to 512 letters, digits "
                    + "and -._~+/="
            ])
    }

    @Test func `Nothing is planned for a tenant and its view until the Secret that it names is known`() throws {
        var scene = try Self.scene("{credentials: {writeSecretRef: {name: mine, key: w}}}")
        try scene.reset(credentials: .watched)
        for plan in [scene.plan(tenant: "tenant-a"), scene.plan(view: "main")] {
            #expect(plan.isWaiting && plan.keepsExisting)
            #expect(plan.credentialSources.map(\.key.name) == ["mine"])
        }
        scene.snapshot.take(.credential(CredentialSource(.secret, Scene.key("mine")), nil))
        #expect(!scene.plan(tenant: "tenant-a").isWaiting)
        #expect(!scene.plan(view: "main").isWaiting)
    }

    // MARK: - Shared credentials

    @Test func `Two tenants with one credential get an error each, and it proves neither`() throws {
        var scene = try Self.scene("{credentials: {writeSecretRef: {name: one, key: w}}}")
        try scene.add(Samples.tenant("tenant-b", "{credentials: {readSecretRef: {name: two, key: w}}}"))
        try scene.add(Samples.tenant("tenant-c"))
        try scene.add(Samples.secret("one", ["w": "the-same-credential"]))
        try scene.add(Samples.secret("two", ["w": "THE-same-Credential"]))
        for name in ["tenant-a", "tenant-b", "tenant-c"] { try scene.applyCredentials(of: name) }
        func message(_ tenant: String, _ purpose: String, _ secret: String, _ other: String) -> String {
            "error: Tenant observability/\(tenant): spec.credentials.\(purpose)SecretRef: Secret observability/\(secret) "
                + "holds a credential that Tenant \"observability/\(other)\" has as well (letters count the same in either "
                + "case); give each its own: the gateway accepts it of neither"
        }
        #expect(scene.plan(tenant: "tenant-a").messages == [message("tenant-a", "write", "one", "tenant-b")])
        #expect(scene.plan(tenant: "tenant-b").messages == [message("tenant-b", "read", "two", "tenant-a")])
        #expect(scene.plan(tenant: "tenant-c").messages == [])
        #expect(scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-a")) == [])
        #expect(scene.snapshot.acceptedTokens(.read, of: Scene.key("tenant-b")) == [])
        #expect(scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-b")).count == 1)

        try scene.add(Samples.secret("two", ["w": "another-credential"]))
        #expect(scene.plan(tenant: "tenant-a").messages == [])
        #expect(scene.snapshot.acceptedTokens(.write, of: Scene.key("tenant-a")) == ["the-same-credential"])
    }

    @Test func `One credential for both purposes is used, with a warning`() throws {
        var scene = try Self.scene(
            "{credentials: {writeSecretRef: {name: mine, key: w}, readSecretRef: {name: mine, key: w}}}")
        try scene.add(Samples.secret("mine", ["w": "0123456789abcdef"]))
        let plan = scene.plan(tenant: "tenant-a")
        #expect(plan.diagnostics.map(\.reason) == ["CredentialReused"])
        #expect(try plan.readiness(of: "tenant-a") == "True Ready")
    }

    // MARK: - Secrecy

    @Test func `No status and no message tells a credential`() throws {
        var scene = try Self.scene()
        try scene.applyCredentials(of: "tenant-a")
        try scene.change("tenant-a") { $0.metadata.annotations = ["tributary.dev/rotate": "1"] }
        try scene.applyCredentials(of: "tenant-a")
        let plan = scene.planner.plan()
        let tokens = CredentialPurpose.allCases.flatMap {
            scene.snapshot.acceptedTokens($0, of: Scene.key("tenant-a"))
        }
        #expect(tokens.count == 4)
        let told =
            plan.statuses.map { $0.status.text() } + plan.messages
            + plan.objects.filter { $0.kind != "Secret" }.map { $0.json.text() }
        for token in tokens {
            let coded = Base64.encode(token.utf8)
            #expect(!told.contains { $0.contains(token) || $0.contains(coded) })
        }
    }
}
