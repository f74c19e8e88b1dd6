import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI

@Suite("TLS between the parts of Thanos")
struct ThanosTLSTests {
    private static let more = """
        tls: {secretName: thanos-tls}
            store: {}
            compactor: {}
            queryFrontend: {}
        """

    /// All parts behind a gateway.
    static let gateway = Samples.behindGateway(StoragePlanTests.view(more))

    /// A scene whose Secrets are in the cluster and not among the files.
    private static func scene(_ yaml: String...) throws -> Scene {
        var scene = try Scene()
        for text in yaml { try scene.add(text) }
        try scene.reset(credentials: .assumed)
        return scene
    }

    private static func flags(_ plan: Plan, _ kind: String, _ name: String) throws -> Set<String> {
        Set(try plan.object(kind, name).arguments.filter { $0.contains("tls") || $0.contains("server-name") })
    }

    private static func scheme(_ plan: Plan, _ kind: String, _ name: String) throws -> JSON? {
        try plan.object(kind, name).json["spec", "template", "spec", "containers"]?[0]?[
            "readinessProbe", "httpGet", "scheme"]
    }

    private static let folder = "/etc/thanos/tls"
    private static let server: Set = [
        "--grpc-server-tls-cert=\(folder)/tls.crt", "--grpc-server-tls-key=\(folder)/tls.key",
        "--grpc-server-tls-client-ca=\(folder)/ca.crt",
    ]
    private static let writes: Set = [
        "--remote-write.server-tls-cert=\(folder)/tls.crt", "--remote-write.server-tls-key=\(folder)/tls.key",
        "--remote-write.client-tls-secure", "--remote-write.client-tls-cert=\(folder)/tls.crt",
        "--remote-write.client-tls-key=\(folder)/tls.key", "--remote-write.client-tls-ca=\(folder)/ca.crt",
        "--remote-write.client-server-name=main-thanos.observability.svc",
    ]
    private static let checksWriters = "--remote-write.server-tls-client-ca=\(folder)/ca.crt"

    @Test func `One setting has all parts speak TLS, and ask each other for certificates`() throws {
        let plan = try Self.scene(Self.gateway, Samples.tenant("tenant-a")).plan()
        #expect(plan.messages == [])
        for (kind, name) in [("StatefulSet", "main-receive-default"), ("Deployment", "main-receive")] {
            #expect(try Self.flags(plan, kind, name) == Self.server.union(Self.writes).union([Self.checksWriters]))
        }
        #expect(try Self.flags(plan, "StatefulSet", "main-store") == Self.server)
        #expect(try Self.flags(plan, "StatefulSet", "main-compact") == [])
        for name in ["main-query", "main-query-tenants"] {
            #expect(
                try Self.flags(plan, "Deployment", name)
                    == Self.server.union([
                        "--grpc-client-tls-secure", "--grpc-client-tls-cert=\(Self.folder)/tls.crt",
                        "--grpc-client-tls-key=\(Self.folder)/tls.key", "--grpc-client-tls-ca=\(Self.folder)/ca.crt",
                        "--grpc-client-server-name=main-thanos.observability.svc",
                    ]))
        }
        for name in ["main-query", "main-query-tenants", "main-query-frontend", "main-query-frontend-tenants"] {
            #expect(try plan.object("Deployment", name).arguments.contains("--http.config=/etc/thanos/web/web.yaml"))
            #expect(try Self.scheme(plan, "Deployment", name) == "HTTPS")
        }
        // The other HTTP ports have metrics and probes only.
        #expect(try Self.scheme(plan, "StatefulSet", "main-receive-default") == nil)
        #expect(
            try plan.object("ConfigMap", "main-thanos-web").json["data", "web.yaml"]?.string
                == "tls_server_config: {cert_file: \(Self.folder)/tls.crt, key_file: \(Self.folder)/tls.key}\n")
    }

    @Test func `Who asks parts of Thanos checks their certificate, and the gateway shows its own`() throws {
        let plan = try Self.scene(Self.gateway, Samples.tenant("tenant-a")).plan()
        let frontend = try plan.object("Deployment", "main-query-frontend-tenants")
        #expect(
            frontend.arguments.contains(
                "--query-frontend.downstream-url=https://main-query-tenants.observability.svc:9090"))
        let environment = frontend.json["spec", "template", "spec", "containers"]?[0]?["env"]
        #expect(environment == [["name": "SSL_CERT_FILE", "value": "/etc/thanos/tls/ca.crt"]])
        let proxy = try plan.object("Deployment", "main-read-proxy")
        #expect(proxy.arguments.contains("-upstream=https://main-query-frontend-tenants.observability.svc:9090"))
        #expect(proxy.arguments.contains("-upstream-ca-cert=/etc/tributary/authorities/ca.crt"))
        let nginx = try plan.object("Secret", "main-gateway").value("nginx.conf")
        for line in [
            "proxy_ssl_certificate servers.crt;", "proxy_ssl_certificate_key servers.key;",
            "proxy_ssl_trusted_certificate servers-ca.crt;", "proxy_ssl_verify on;",
        ] {
            #expect(nginx.contains(line), "\(line)")
        }
        let volumes = try plan.object("Deployment", "main-gateway").json["spec", "template", "spec", "volumes"]?.array
        #expect(volumes?.contains(["name": "servers", "secret": ["secretName": "thanos-tls"]]) == true)
    }

    @Test func `Without a gateway, whoever writes needs no certificate`() throws {
        let open = try Self.scene(StoragePlanTests.view(Self.more)).plan()
        #expect(try Self.flags(open, "Deployment", "main-receive") == Self.server.union(Self.writes))
    }

    @Test func `A version gets the flags that it has`() throws {
        let old = StoragePlanTests.view("version: v0.31.0", "tls: {secretName: thanos-tls}")
        let flags = try Self.flags(try Self.scene(old).plan(), "Deployment", "main-receive")
        #expect(flags == Self.server.union(Self.writes).subtracting(["--remote-write.client-tls-secure"]))
    }

    @Test func `Capn Proto, which has no TLS, is refused with it`() throws {
        let plan = try Scene(
            StoragePlanTests.view("replicationProtocol: capnproto", "tls: {secretName: thanos-tls}")
        ).plan()
        #expect(plan.messages.first?.contains("replicationProtocol: should be protobuf with \"tls\"") == true)
    }

    // MARK: - cert-manager

    private static let issued = StoragePlanTests.view(
        "tls: {certificate: {issuerRef: {name: ca, kind: ClusterIssuer}, duration: 30d}}")

    @Test func `Cert-manager issues a certificate for all parts, and nothing starts before it is there`() throws {
        let plan = try Scene(Samples.behindGateway(Self.issued)).plan()
        let certificate = try plan.object("Certificate", "main-thanos-tls").json["spec"]
        #expect(certificate?["secretName"] == "main-thanos-tls" && certificate?["duration"] == "2592000s")
        #expect(certificate?["issuerRef"] == ["name": "ca", "kind": "ClusterIssuer", "group": "cert-manager.io"])
        #expect(
            certificate?["dnsNames"]?.array?.compactMap(\.string)
                == [
                    "main-thanos", "main-receive", "main-query", "main-query-tenants",
                ].map { "\($0).observability.svc" })
        #expect(try plan.readiness(of: "main") == "False WaitingForCertificate")
        #expect(!plan.names.contains("StatefulSet main-receive-default"))
        #expect(plan.keeps.contains { $0.resource == .statefulSets && $0.key.name == "main-receive-default" })
    }

    @Test func `Without cert-manager the view says so, and what is there stays`() throws {
        var scene = try Scene(Self.issued)
        #expect(scene.snapshot.take(.kind(.certificates, isServed: false)) == [.globalView(Scene.key("main"))])
        let plan = scene.plan()
        #expect(plan.diagnostics.map(\.reason) == ["KindNotServed"])
        #expect(plan.keeps.contains { $0.resource == .certificates })
    }
}
