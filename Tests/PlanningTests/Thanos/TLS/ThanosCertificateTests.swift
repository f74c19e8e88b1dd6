import Kube
import Planning
import PlanningInput
import TestSupport
import Testing
import TributaryAPI

@Suite(
    "The certificate of all parts of Thanos", .enabled(if: CertificateAuthority.isPossible, "openssl is not installed"),
    .timeLimit(.minutes(2)))
struct ThanosCertificateTests {
    private static let view = StoragePlanTests.view("tls: {secretName: thanos-tls}", "store: {}")
    private static let rest = "; until then running pods keep what they have, and none start"
    private static let all = "*.observability.svc"

    /// The Secret with a certificate for a name, and the authority that has signed it.
    private static func made(_ name: String, in directory: TemporaryDirectory) async throws -> [String: String] {
        let authority = try await CertificateAuthority.make(in: directory, "ca-\(name.filter(\.isLetter))")
        let own = try await authority.issue(
            "own-\(name.filter(\.isLetter))", subject: "/CN=thanos",
            extensions: "subjectAltName=DNS:\(name)\nextendedKeyUsage=serverAuth,clientAuth")
        return [
            "tls.crt": try TemporaryDirectory.read("\(own).crt"), "tls.key": try TemporaryDirectory.read("\(own).key"),
            "ca.crt": try TemporaryDirectory.read(authority.certificate),
        ]
    }

    private static func scene(_ view: String, _ values: [String: String], _ more: String...) throws -> Scene {
        var scene = try Scene(view)
        for text in more { try scene.add(text) }
        try scene.add(Object(.secrets, namespace: Scene.namespace, name: "thanos-tls", ["stringData": JSON(values)]))
        scene.snapshot.now = .now
        return scene
    }

    private static func annotations(_ plan: Plan, _ kind: String, _ name: String) throws -> JSON? {
        try plan.object(kind, name).json["spec", "template", "metadata", "annotations"]
    }

    private func withDirectory(_ body: (TemporaryDirectory) async throws -> Void) async throws {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        try await body(directory)
    }

    @Test func `Other authorities replace the pods, since Thanos reads them only when it starts`() async throws {
        try await withDirectory { directory in
            var values = try await Self.made(Self.all, in: directory)
            let before = try Self.scene(Self.view, values).plan()
            #expect(before.messages == [])
            let old = try Self.annotations(before, "StatefulSet", "main-store")
            #expect(old?["tributary.dev/thanos-authorities"]?.string?.count == 12)
            for name in ["main-query", "main-receive"] {
                #expect(try Self.annotations(before, "Deployment", name) == old)
            }
            let other = try await Self.made("main-thanos.observability.svc", in: directory)
            values["ca.crt"] = "\(values["ca.crt"] ?? "")\(other["ca.crt"] ?? "")"
            let after = try Self.scene(Self.view, values).plan()
            #expect(try Self.annotations(after, "StatefulSet", "main-store") != old)
        }
    }

    @Test func `A wrong Secret leaves pods as they are, and the view says what is wrong`() async throws {
        try await withDirectory { directory in
            let right = try await Self.made(Self.all, in: directory)
            func refused(_ values: [String: String]) throws -> String {
                let plan = try Self.scene(Self.view, values).plan()
                #expect(plan.diagnostics.count == 1)
                #expect(!plan.names.contains("Deployment main-query") && plan.names.contains("Service main-query"))
                for (resource, name) in [
                    (Resource.deployments, "main-query"), (.deployments, "main-receive"), (.statefulSets, "main-store"),
                ] {
                    #expect(plan.keeps.contains { $0.resource == resource && $0.key.name == name }, "\(name)")
                }
                #expect(try plan.condition("Stalled", of: "main").status == .true)
                let message = try #require(plan.diagnostics.first?.text)
                #expect(message.hasPrefix("spec.thanos.tls.secretName: ") && message.hasSuffix(Self.rest))
                return message
            }
            var wrong = right
            wrong["ca.crt"] = nil
            #expect(try refused(wrong).contains("has no key \"ca.crt\"; it has: tls.crt, tls.key"))
            wrong = right
            wrong["tls.key"] = try await Self.made("a.observability.svc", in: directory)["tls.key"]
            #expect(try refused(wrong).contains("the private key in tls.key is not that of the first certificate"))
            wrong = try await Self.made("main-query.observability.svc", in: directory)
            #expect(
                try refused(wrong).contains(
                    "the certificate is not for main-thanos.observability.svc; it should have the DNS names "
                        + "main-thanos.observability.svc, main-receive.observability.svc, main-query.observability.svc, "
                        + "or *.observability.svc"))
        }
    }

    @Test func `Agents without a gateway get the authorities of what they write to, and nothing else`() async throws {
        try await withDirectory { directory in
            let values = try await Self.made(Self.all, in: directory)
            let central = Samples.prometheus.replacing(
                "    storage:",
                with: """
                        web:
                          tlsConfig: {cert: {secret: {name: thanos-tls, key: tls.crt}}, keySecret: {name: thanos-tls, key: tls.key}}
                          ca: {secret: {name: thanos-tls, key: ca.crt}}
                        storage:
                    """)
            for (view, url) in [
                (Self.view, "https://main-receive.observability.svc:19291/api/v1/receive"),
                (central, "https://main-prometheus.observability.svc:9090/api/v1/write"),
            ] {
                let scene = try Self.scene(view, values, Samples.tenant("tenant-a"), Samples.agent)
                let plan = scene.plan(agent: "cluster")
                #expect(plan.messages == [])
                let copies = plan.objects.filter { $0.kind == "Secret" && $0.dataKeys == ["ca.crt"] }
                #expect(try copies.map { try $0.value("ca.crt") } == [values["ca.crt"]])
                let write = try AgentPlannerTests.configuration(plan)["remote_write"]?[0]
                #expect(write?["url"]?.string == url && write?["authorization"] == nil)
                let file = "/etc/prometheus/secrets/\(copies.first?.name ?? "")/ca.crt"
                #expect(write?["tls_config"] == ["ca_file": JSON(file)])
                // Another destination has other authorities.
                let elsewhere = try Self.scene(
                    view, values, Samples.tenant("tenant-a"),
                    Samples.agent + "\n  remoteWrite: [{name: tenant, url: 'https://other.example.org'}]"
                ).plan(agent: "cluster")
                #expect(try AgentPlannerTests.configuration(elsewhere)["remote_write"]?[0]?["tls_config"] == nil)
            }
        }
    }
}
