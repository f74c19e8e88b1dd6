import Kube
import PlanningInput
import Testing
import TributaryAPI

@testable import Planning

@Suite("Objects of a gateway")
struct GatewayObjectTests {
    /// A scene without the Secrets of the gateway's certificates, as files have it.
    private static func scene(_ yaml: String...) throws -> Scene {
        var scene = try Scene()
        for text in yaml { try scene.add(text) }
        try scene.reset(credentials: .assumed)
        return scene
    }

    @Test func `A gateway has its files in Secrets, pods behind a Service, and the Ingress`() throws {
        let plan = try Self.scene(Samples.gateway, Samples.tenant("tenant-a")).plan()
        #expect(plan.messages == [])
        #expect(
            plan.names.filter { $0.contains("gateway") } == [
                "Secret main-gateway-tenants-00", "Secret main-gateway", "Service main-gateway",
                "Deployment main-gateway", "PodDisruptionBudget main-gateway", "Ingress main-gateway",
                "NetworkPolicy main-gateway",
            ])
        let data = try plan.object("Secret", "main-gateway").json["data"]?.object ?? [:]
        #expect(Set(data.keys).isSuperset(of: ["nginx.conf", "upstreams", "gateway.sh"]))
        let parts = try plan.object("Secret", "main-gateway-tenants-00").json["data"]?.object ?? [:]
        #expect(parts.keys.contains { $0.hasPrefix("tenants-") })
    }

    @Test func `Tenants and their credentials change no pod template, however many there are`() throws {
        func template(_ scene: Scene) throws -> JSON? {
            try scene.plan().object("Deployment", "main-gateway").json["spec", "template"]
        }
        var scene = try Scene(Samples.gateway)
        let before = try template(scene)
        for number in 0..<12_000 {
            let tenant = try Tenant(
                Object(
                    Tenant.resource, namespace: Scene.namespace, name: "t-\(number)",
                    ["spec": ["globalViewRef": ["name": "main"]]]))
            scene.snapshot.take(.tenant(tenant.metadata.key, Boxed(tenant)))
            let token = String(repeating: "x", count: 60) + "\(number)"
            scene.snapshot.take(
                .tenantCredential(
                    tenant.metadata.key, .write, TenantCredential(token: token, validSince: scene.snapshot.now)))
        }
        #expect(scene.plan().names.contains("Secret main-gateway-tenants-01"))
        #expect(try template(scene) == before)
    }

    @Test func `The pods of a gateway mount its Secrets as one volume, the certificate and the authority`() throws {
        let plan = try Scene(Samples.gateway).plan()
        let pod = try plan.object("Deployment", "main-gateway").json["spec", "template", "spec"] ?? [:]
        let volumes = pod["volumes"]?.array ?? []
        let sources = volumes.first { $0["name"] == "gateway" }?["projected", "sources"]?.array ?? []
        #expect(sources.first == ["secret": ["name": "main-gateway"]])
        #expect(sources.dropFirst().count == 64)
        #expect(sources.dropFirst().allSatisfy { $0["secret", "optional"] == true })
        #expect(volumes.contains { $0["secret"] == ["secretName": "gateway-tls"] })
        #expect(
            volumes.contains {
                $0["secret"] == ["secretName": "tenants-ca", "items": [["key": "authorities", "path": "ca.crt"]]]
            })
        let container = pod["containers"]?[0]
        #expect(container?["command"] == ["/bin/sh", "/etc/tributary/gateway/gateway.sh"])
        let paths = Set((container?["volumeMounts"]?.array ?? []).compactMap { $0["mountPath"]?.string })
        #expect(
            paths == ["/etc/tributary/gateway", GatewayScript.tlsFolder, GatewayScript.authoritiesFolder, "/tmp"])
        #expect(pod["securityContext", "runAsUser"] == 101)
        #expect(pod["automountServiceAccountToken"] == false)
    }

    @Test
    func `Only for URIs of certificates, the pods have a process beside nginx, and their tenants are told by them`()
        throws
    {
        let view = Samples.gateway.replacing("caSecretRef:", with: "tenantFrom: URI, caSecretRef:")
        let uri = "spiffe://example.org/ns/shop/sa/agent"
        let tenants = [
            Samples.tenant("tenant-a", "{gateway: {certificateURIs: [\"\(uri)\", urn:both]}}"),
            Samples.tenant("tenant-b", "{gateway: {certificateURIs: [urn:both]}}"),
        ]
        var scene = try Scene(view, tenants[0], tenants[1])
        try scene.reset(credentials: .assumed)
        let plan = scene.plan()
        let containers = try plan.object("Deployment", "main-gateway").json["spec", "template", "spec", "containers"]
        #expect(containers?.array?.map { $0["name"] } == ["nginx", "identity"])
        #expect(containers?[1]?["image"]?.string == scene.snapshot.reloaderImage)
        #expect(containers?[1]?["args"]?[1] == "--listen-address=127.0.0.1:8083")
        let entries = try plan.object("Secret", "main-gateway-tenants-00").value("tenants-1-0.conf")
        #expect(entries == "\"c:\(uri)\" \"|\(uri) tenant-a i 8388608-50-0 -|\";\n")
        #expect(plan.diagnostics.map(\.reason) == ["SharedCredential"])

        // Otherwise a certificate names the id, and URIs have no effect.
        var without = try Scene(Samples.gateway, tenants[0])
        try without.reset(credentials: .assumed)
        let other = without.plan()
        let pod = try other.object("Deployment", "main-gateway").json["spec", "template", "spec", "containers"]
        #expect(pod?.array?.count == 1)
        let names = try other.object("Secret", "main-gateway-tenants-00").value("tenants-1-0.conf")
        #expect(names == "\"i:tenant-a\" \"|tenant-a tenant-a i 8388608-50-0 -|\";\n")
    }

    @Test func `The Ingress leads to the two paths of the gateway and rewrites nothing`() throws {
        let ingress = try Scene(Samples.gateway).plan().object("Ingress", "main-gateway")
        let paths = ingress.json["spec", "rules"]?[0]?["http", "paths"]?.array ?? []
        #expect(paths.map { $0["path"] } == ["/m/tenants/write", "/m/tenants/read"])
        #expect(paths.map { $0["pathType"] } == ["Exact", "Prefix"])
        #expect(paths.allSatisfy { $0["backend", "service", "port", "name"] == "https" })
        #expect(ingress.json["spec", "ingressClassName"] == "nginx")
        #expect(
            ingress.annotations == [
                "nginx.ingress.kubernetes.io/ssl-passthrough": "true",
                "nginx.ingress.kubernetes.io/proxy-body-size": "8388608",
                "nginx.ingress.kubernetes.io/backend-protocol": "HTTPS",
            ])
    }

    @Test func `The Ingress lets the largest body through that some tenant may send`() throws {
        let tenant = Samples.tenant("tenant-a", "{gateway: {limits: {maxBodySize: 64Mi}}}")
        let ingress = try Scene(Samples.gateway, tenant).plan().object("Ingress", "main-gateway")
        #expect(ingress.annotations["nginx.ingress.kubernetes.io/proxy-body-size"] == "67108864")
    }

    @Test func `An HTTPRoute is planned where the API server serves the kind, and only there`() throws {
        var scene = try Scene(Samples.routed)
        let route = try scene.plan().object("HTTPRoute", "main-gateway")
        #expect(route.apiVersion == "gateway.networking.k8s.io/v1")
        #expect(
            route.json["spec", "parentRefs"] == [["name": "front", "namespace": "gateways", "sectionName": "https"]])
        #expect(route.json["spec", "hostnames"] == ["m.example.org"])
        #expect(route.json["spec", "rules"]?[0]?["backendRefs"] == [["name": "main-gateway", "port": 8080]])

        try scene.reset(credentials: .watched)
        let unknown = scene.plan()
        #expect(!unknown.names.contains { $0.hasPrefix("HTTPRoute") })
        #expect(unknown.keeps.contains { $0.resource == .httpRoutes && $0.key == Scene.key("main-gateway") })
        #expect(unknown.messages == [])

        #expect(scene.snapshot.take(.kind(.httpRoutes, isServed: false)) == [.globalView(Scene.key("main"))])
        let unserved = scene.plan()
        #expect(unserved.diagnostics.map(\.reason) == ["KindNotServed"])
        #expect(try unserved.readiness(of: "main") == "False KindNotServed")
        #expect(unserved.names.contains("Deployment main-gateway"))

        scene.snapshot.take(.kind(.httpRoutes, isServed: true))
        #expect(scene.plan().names.contains("HTTPRoute main-gateway"))
    }

    @Test func `Client certificates that end at the Ingress get a warning`() throws {
        let view = Samples.gateway.replacing("ssl-passthrough: \"true\"", with: "ssl-redirect: \"true\"")
        let plan = try Self.scene(view).plan()
        #expect(plan.diagnostics.map(\.reason) == ["CertificatesNotPassed"])
    }

    @Test func `A view is ready once its gateway is`() throws {
        var scene = try Scene(
            Samples.external + "\n  gateway: {}", Samples.tenant("tenant-a"))
        #expect(try scene.plan().readiness(of: "main") == "False Creating")
        let ready = Workload(
            Object([
                "metadata": ["generation": 1], "spec": ["replicas": 2],
                "status": [
                    "observedGeneration": 1, "replicas": 2, "readyReplicas": 2, "updatedReplicas": 2,
                    "availableReplicas": 2,
                ],
            ]))
        scene.snapshot.take(
            .workload(WorkloadKey(.deployments, Scene.key("main-gateway")), ready, of: nil))
        #expect(try scene.plan().readiness(of: "main") == "True Ready")
    }
}
