import Kube
import TestSupport
import Testing
import TributaryAPI

/// Thanos with TLS between all parts from one setting, the gateway in front, and others who try to go around it.
@Suite(
    "TLS between the parts of Thanos", .withNginx, .withPromLabelProxy, .withThanos,
    .enabled(if: CertificateAuthority.isPossible, "openssl is not installed"))
struct ThanosTLSStory {
    /// The certificates, and options of curl that show them.
    private struct Certificates {
        let secret: Object
        /// The path of the authority.
        let authority: String
        /// Shows the certificate of Thanos, no certificate, and one of another authority.
        let own: [String]
        let none: [String]
        let foreign: [String]

        /// A certificate for the Services, and for the addresses of a network, by which programs know each other here.
        init(_ network: String, _ story: Story) async throws {
            let authority = try await CertificateAuthority.make(in: story.directory, "thanos-ca")
            let names = ["DNS:*.observability.svc"] + (1...20).map { "IP:\(network).\($0)" }
            let usages = "extendedKeyUsage=serverAuth,clientAuth"
            let path = try await authority.issue(
                "thanos", subject: "/CN=thanos",
                extensions: "subjectAltName=\(names.joined(separator: ","))\n\(usages)")
            let other = try await CertificateAuthority.make(in: story.directory, "other-ca")
            let stolen = try await other.issue("other", subject: "/CN=thanos", extensions: usages)
            self.authority = authority.certificate
            none = ["--cacert", authority.certificate]
            own = none + ["--cert", "\(path).crt", "--key", "\(path).key"]
            foreign = none + ["--cert", "\(stolen).crt", "--key", "\(stolen).key"]
            secret = Object(
                .secrets, namespace: "observability", name: "thanos-tls",
                [
                    "type": "kubernetes.io/tls",
                    "stringData": [
                        "tls.crt": JSON(try TemporaryDirectory.read("\(path).crt")),
                        "tls.key": JSON(try TemporaryDirectory.read("\(path).key")),
                        "ca.crt": JSON(try TemporaryDirectory.read(authority.certificate)),
                    ],
                ])
        }
    }

    private static func example(_ certificates: Certificates, _ story: Story) throws -> Example {
        var example = try Example("thanos-managed")
        example.useBucket(of: story)
        example.remove("Tenant")
        example.change("GlobalView") { view in
            view["spec", "gateway"] = [:]
            view["spec", "thanos", "tls"] = ["secretName": "thanos-tls"]
            view["spec", "thanos", "replicationFactor"] = 2
            view["spec", "thanos", "hashrings"] = [["name": "default", "soft": true, "replicas": 2]]
            view["spec", "thanos", "store"] = [:]
            view["spec", "thanos", "queryFrontend"] = [:]
            view["spec", "rules"] = ["selector": [:], "namespaces": ["platform"], "evaluationInterval": "1s"]
        }
        example.add(certificates.secret)
        example.add(
            Object(
                Tenant.resource, namespace: "observability", name: "tenant-a",
                ["spec": ["globalViewRef": ["name": "main"], "id": "a"]]))
        example.add(RuleAttempt.rule("platform", by: "platform"))
        return example
    }

    @Test func `Writes, queries and rules go through, and nobody without a certificate of the view does`() async throws
    {
        try await Story.tell { story in
            let thanos = try #require(InstalledPrograms.thanos)
            let network = Walls.randomNetwork()
            let certificates = try await Certificates(network, story)
            var walls = try Walls(try Self.example(certificates, story), story, in: network)
            #expect(walls.diagnostics == [])
            let receivers = try (0..<2).map { try walls.pod("StatefulSet", "main-receive-default", ordinal: $0) }
            let store = try walls.pod("StatefulSet", "main-store")
            let router = try walls.pod("Deployment", "main-receive")
            let queriers = try ["", "-tenants"].map { try walls.pod("Deployment", "main-query\($0)") }
            let frontends = try ["", "-tenants"].map { try walls.pod("Deployment", "main-query-frontend\($0)") }
            for pod in receivers + [store, router] {
                try await walls.start(pod, thanos, ready: [(10902, "/-/ready")])
            }
            for pod in queriers + frontends {
                // The environment names a path in the container.
                let process = try await story.start(
                    pod, thanos, walls.network, environment: ["SSL_CERT_FILE": certificates.authority])
                try await eventually("\(pod.name) is ready", within: .seconds(90)) {
                    try #require(process.isRunning, "\(process.log)")
                    return try await curl(["https://\(try pod.address(10902))/-/ready"] + certificates.none).code == 200
                }
            }
            let proxy = try walls.pod("Deployment", "main-read-proxy")
            try await walls.start(
                proxy, InstalledPrograms.promLabelProxy, ready: [(8080, "/healthz"), (8082, "/healthz")])
            try await walls.startGateway()

            let token = try walls.writeToken("tenant-a").bearer
            try await eventually("the tenant writes through the gateway", within: .seconds(90)) {
                try await walls.write("shared", ["note": "only-a"], token) == 200
            }
            for receiver in receivers {
                try await eventually("\(receiver.name) has the series", within: .seconds(90)) {
                    try await receiver.tenants() == ["a"]
                }
            }
            let reader = try walls.readToken("tenant-a")
            try await eventually("the tenant reads through the gateway", within: .seconds(90)) {
                try await walls.ids("shared", "tenant_id", reader) == ["a"]
            }
            let query = "https://\(try queriers[0].address(10902))"
            let stores = try await curl(["\(query)/api/v1/stores"] + certificates.none).json["data"]
            for kind in ["receive", "store"] {
                let found = stores?[kind]?.array ?? []
                #expect(!found.isEmpty && found.allSatisfy { ($0["lastError"] ?? .null).isNull }, "\(stores ?? .null)")
            }
            _ = try await RulerPod(try walls.pod("Deployment", "main-rules"), walls.network, story)
            try await eventually("results of the platform's rules are stored", within: .seconds(90)) {
                _ = try await walls.write("shared", ["note": "only-a"], token)
                return try await curl(
                    ["\(query)/api/v1/query", "-d", "query=count({__name__=~\"attempt_platform_.*\"})"]
                        + certificates.none
                ).json["data", "result"]?.array?.isEmpty == false
            }
            try await Self.checkWalls(certificates, router, receivers[0], store, query, story)
        }
    }

    /// Without a certificate of the authority nobody gets an answer, neither of routers nor of gRPC servers.
    private static func checkWalls(
        _ certificates: Certificates, _ router: Pod, _ receiver: Pod, _ store: Pod, _ query: String, _ story: Story
    ) async throws {
        for pod in [router, receiver] {
            let address = "\(try pod.address(19291))/api/v1/receive"
            func write(_ scheme: String, _ options: [String]) async throws -> Int {
                try await RemoteWriter.write(
                    [["__name__": "forged"]], to: "\(scheme)://\(address)", headers: ["THANOS-TENANT: a"],
                    options: options, story
                ).code
            }
            #expect(try await write("http", []) == 400)
            #expect(try await write("https", certificates.none) == 0)
            #expect(try await write("https", certificates.foreign) == 0)
            #expect(try await write("https", certificates.own) == 200)
        }
        for pod in [receiver, store] {
            let url = "https://\(try pod.address(10901))/"
            #expect(try await curl([url] + certificates.none).code == 0)
            #expect(try await curl([url] + certificates.foreign).code == 0)
            // A gRPC server answers a plain request with an error of its own.
            #expect(try await curl([url] + certificates.own).code > 0)
        }
        #expect(try await curl(["\(query)/api/v1/query?query=up"]).code == 0, "its authority is not one of the system")
        #expect(try await curl([query.replacing("https://", with: "http://")]).code == 400)
    }
}
