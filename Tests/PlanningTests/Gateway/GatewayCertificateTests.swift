import Kube
import Planning
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

@Suite(
    "Certificates that a gateway mounts", .enabled(if: CertificateAuthority.isPossible, "openssl is not installed"),
    .timeLimit(.minutes(2)))
struct GatewayCertificateTests {
    /// The Secrets `gateway-tls` and `tenants-ca`, as their author made them.
    private struct Made {
        var certificate: String
        var key: String
        var authorities: String

        init(in directory: TemporaryDirectory) async throws {
            let authority = try await CertificateAuthority.make(in: directory, "ca")
            let own = try await authority.issue("own", subject: "/CN=gateway", server: true)
            certificate = try TemporaryDirectory.read("\(own).crt")
            key = try TemporaryDirectory.read("\(own).key")
            authorities = try TemporaryDirectory.read(authority.certificate)
        }

        /// A view's plan with these Secrets.
        func plan(_ lookup: Monitoring.CredentialLookup = .complete, later: Duration = .zero) throws -> Plan {
            try scene(lookup, later: later).plan()
        }

        func scene(_ lookup: Monitoring.CredentialLookup = .complete, later: Duration = .zero) throws -> Scene {
            var scene = try Scene(Samples.gateway, Samples.tenant("tenant-a"))
            try scene.reset(credentials: lookup)
            scene.snapshot.now = Timestamp.now.advanced(by: later)
            scene.startGateway()
            for secret in [
                GatewayCertificateTests.tls(certificate, key),
                GatewayCertificateTests.secret("tenants-ca", ["authorities": authorities]),
            ] { try scene.add(secret) }
            return scene
        }
    }

    private static func secret(_ name: String, _ values: [String: String]) -> Object {
        Object(.secrets, namespace: Scene.namespace, name: name, ["stringData": JSON(values)])
    }

    private static func tls(_ certificate: String, _ key: String) -> Object {
        secret("gateway-tls", ["tls.crt": certificate, "tls.key": key])
    }

    private static let rest = "; until then pods of the gateway keep what they have, and new ones may not start"

    private func withMade(_ body: (inout Made, TemporaryDirectory) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        var made = try await Made(in: directory)
        try await body(&made, directory)
    }

    @Test func `Certificates that are right are not mentioned`() async throws {
        try await withMade { made, _ in
            let plan = try made.plan()
            #expect(plan.messages == [] && plan.recheckAfter == .seconds(86_400))
            #expect(try plan.readiness(of: "main") == "True Ready")
            made.certificate = "the certificate of gateway\n" + made.certificate + made.authorities
            made.authorities += made.authorities
            #expect(try made.plan().messages == [])
        }
    }

    @Test func `A certificate that is no PEM stalls the view, which names Secret, key and what is right`() async throws
    {
        try await withMade { made, _ in
            let right = made
            made.certificate = "nonsense"
            let plan = try made.plan()
            #expect(
                plan.messages == [
                    "error: GlobalView observability/main: spec.gateway.tls.secretName: key \"tls.crt\" of Secret "
                        + "observability/gateway-tls: contains no PEM block with a certificate; it should have the gateway's "
                        + "certificate in PEM, followed by those of intermediate authorities" + Self.rest
                ])
            #expect(try plan.readiness(of: "main") == "False CertificateInvalid")
            #expect(try plan.condition("Stalled", of: "main").status == .true)
            // All that was there stays, and follows other changes.
            #expect(try plan.objects == right.plan().objects && !plan.keepsExisting)

            made = right
            made.authorities += "-----BEGIN CERTIFICATE-----\nMIIBnonsense\n-----END CERTIFICATE-----\n"
            #expect(
                try made.plan().messages == [
                    "error: GlobalView observability/main: spec.gateway.authentication.clientCertificates.caSecretRef: key "
                        + "\"authorities\" of Secret observability/tenants-ca: certificate 2 in it cannot be read; it should "
                        + "have the certificates of the authorities that sign client certificates, in PEM" + Self.rest
                ])
        }
    }

    @Test func `A private key that is another's, encrypted or none is found, and no part of it is told`() async throws {
        try await withMade { made, directory in
            let own = made
            let authority = try await CertificateAuthority.make(in: directory, "other")
            let other = try await authority.issue("other-own", subject: "/CN=gateway", server: true)
            try await authority.openssl(
                "pkey", "-in", "\(other).key", "-aes256", "-passout", "pass:secret", "-out", directory.path("locked"))
            var found: [String] = []
            for file in ["\(other).key", directory.path("locked"), "\(other).crt"] {
                made.key = try TemporaryDirectory.read(file)
                let plan = try made.plan()
                #expect(plan.diagnostics.map(\.reason) == ["CertificateInvalid"])
                let messages = plan.messages.joined()
                #expect(!made.key.split(separator: "\n").contains { messages.contains($0) })
                found.append(try #require(plan.diagnostics.first?.message))
            }
            #expect(
                found[0] == "Secret observability/gateway-tls: the private key in tls.key is not that of the first "
                    + "certificate in tls.crt; both should be of one pair, and the gateway's certificate should come first"
                    + Self.rest)
            #expect(found[1].contains("key \"tls.key\" of Secret observability/gateway-tls: contains an encrypted"))
            #expect(found[2].contains("contains no private key in PEM"))
            // The intermediate authority first.
            made = own
            made.certificate = made.authorities + made.certificate
            #expect(try made.plan().messages.first?.contains("is not that of the first certificate") == true)

            let weak = directory.path("weak")
            try await authority.openssl(
                "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-subj", "/CN=gateway", "-keyout", "\(weak).key",
                "-out", "\(weak).crt")
            made.certificate = try TemporaryDirectory.read("\(weak).crt")
            made.key = try TemporaryDirectory.read("\(weak).key")
            #expect(try made.plan().messages.first?.contains("has a key of 80 bits of security") == true)
        }
    }

    @Test func `A certificate is planned again when it expires, and then it is reported`() async throws {
        try await withMade { made, _ in
            let late = try made.plan(later: .seconds(86_400 + 3600))
            #expect(late.messages == [])
            let left = try #require(late.recheckAfter)
            #expect(left < .seconds(86_400) && left > .seconds(80_000))
            // A busy machine takes some seconds to make both certificates.
            let expired = try made.plan(later: .seconds(86_400 + 3600 + 60) + left)
            #expect(expired.diagnostics.map(\.reason) == ["CertificateExpired", "CertificateExpired"])
            #expect(expired.messages.first?.contains("the certificate has expired at 20") == true)
            let early = try made.plan(later: .seconds(-7200))
            #expect(early.messages.first?.contains("is not valid before 20") == true)
            let wait = try #require(early.recheckAfter)
            #expect(wait > .seconds(7000) && wait < .seconds(7300))
        }
    }

    @Test func `A Secret that does not exist, or lacks a key, is named with the keys that it has`() async throws {
        try await withMade { made, _ in
            var scene = try made.scene()
            try scene.add(Self.secret("tenants-ca", ["ca.crt": made.authorities]))
            let secret = CredentialSource(.secret, Scene.key("gateway-tls"))
            #expect(scene.snapshot.take(.credential(secret, nil)) == [.globalView(Scene.key("main"))])
            let plan = scene.plan()
            #expect(plan.diagnostics.map(\.reason) == ["CertificateNotFound", "CertificateNotFound"])
            let messages = plan.messages
            #expect(
                messages.first?.contains("has no key \"authorities\"; it has: ca.crt; key \"authorities\" should")
                    == true)
            #expect(
                messages.last?.contains("there is no Secret observability/gateway-tls; key \"tls.crt\" should") == true)
        }
    }

    @Test func `A view waits until its Secrets are read, and files say nothing of those that they do not have`()
        async throws
    {
        try await withMade { made, _ in
            var scene = try Scene(Samples.gateway)
            try scene.reset(credentials: .assumed)
            #expect(scene.plan().messages == [])
            try scene.add(Self.tls("nonsense", made.key))
            #expect(scene.plan().diagnostics.map(\.reason) == ["CertificateInvalid"])

            try scene.reset(credentials: .watched)
            let ca = CredentialSource(.secret, Scene.key("tenants-ca"))
            let waiting = scene.plan()
            #expect(waiting.isWaiting && waiting.credentialSources == [ca] && waiting.keepsExisting)
            #expect(scene.snapshot.namedCredentials == [ca, CredentialSource(.secret, Scene.key("gateway-tls"))])
            let content = CredentialContent(Self.secret("tenants-ca", ["authorities": made.authorities]))
            #expect(scene.snapshot.take(.credential(ca, content)) == [.globalView(Scene.key("main"))])
            scene.snapshot.take(.kind(.httpRoutes, isServed: true))
            #expect(scene.plan().diagnostics.contains { $0.reason == "CertificateInvalid" })
        }
    }
}
