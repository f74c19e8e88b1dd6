import Kube
import TestSupport
import Testing
import TributaryAPI
import YAML

@Suite struct `tributary render` {
    static let examples = [
        "agents-into-prometheus", "edge", "federation", "isolation", "monitors", "send-less", "thanos",
    ]

    @Test(arguments: examples)
    func `The command render prints the objects of each example`(example: String) async throws {
        let outcome = try await Tool.run("render", "-f", "examples/\(example)")
        #expect(outcome.code == 0)
        // Some examples have files for others, such as a Service, which a line of information names.
        #expect(outcome.errors.split(separator: "\n").allSatisfy { $0.contains(": info: ") }, "\(outcome.errors)")
        let objects = try YAML.parse(outcome.output).map { Object($0.value) }
        #expect(!objects.isEmpty)
        for object in objects { #expect(object.labels["app.kubernetes.io/managed-by"] == "tributary") }
        // The values of the examples' Secrets are not in the output.
        #expect(!outcome.output.contains("change-me"))
    }

    @Test func `The command render prints the same bytes each time`() async throws {
        let arguments = ["render", "--show-secrets", "-f", "examples/send-less", "examples/thanos"]
        let first = try await Tool.run(arguments)
        for _ in 0..<3 { #expect(try await Tool.run(arguments).output == first.output) }
    }

    @Test func `The command render prints the values of Secrets only with --show-secrets`() async throws {
        func secrets(_ more: String...) async throws -> [JSON] {
            let outcome = try await Tool.run(["render", "-f", "examples/edge"] + more)
            return try YAML.parse(outcome.output).map(\.value).filter { $0["kind"] == "Secret" }
        }
        #expect(try await secrets().map { $0["data"] } == [["prometheus.yaml": "***"]])
        let shown = try await secrets("--show-secrets")
        #expect(shown.first?["data", "prometheus.yaml"]?.string?.utf8.count ?? 0 > 100)
        let outcome = try await Tool.run("render", "-f", "examples/edge", "--show-secrets")
        #expect(!outcome.output.contains("change-me"))
    }

    @Test func `The command render uses the given image for the side-car of older versions`() async throws {
        let agent = """
            apiVersion: tributary.dev/v1alpha1
            kind: PrometheusAgent
            metadata: {name: cluster, namespace: monitoring}
            spec: {version: v2.53.0, remoteWrite: [{name: central, url: "https://central.example.org/write"}]}
            """
        func images(_ more: String...) async throws -> Set<String> {
            let outcome = try await Tool.run(["render", "-f", "-"] + more, input: agent)
            let set = try YAML.parse(outcome.output).map(\.value).first { $0["kind"] == "StatefulSet" }
            let pod = try #require(set?["spec", "template", "spec"])
            let containers = (pod["containers"]?.array ?? []) + (pod["initContainers"]?.array ?? [])
            return Set(containers.compactMap { $0["image"]?.string })
        }
        #expect(try await images().contains("tributary:0.1.0"))
        let given = try await images("--reloader-image", "registry.example/tributary:7")
        #expect(given.contains("registry.example/tributary:7") && !given.contains("tributary:0.1.0"))
    }

    @Test func `The command render prints the same objects as JSON`() async throws {
        let outcome = try await Tool.run("render", "-f", "examples/thanos", "-o", "json")
        let list = try JSON(parsing: outcome.output)
        #expect(list["kind"] == "List")
        let yaml = try YAML.parse(try await Tool.run("render", "-f", "examples/thanos").output).map(\.value)
        #expect(list["items"] == .array(yaml))
    }

    @Test func `The command render prints what another cluster needs to write through the gateway`() async throws {
        let token = "0123456789abcdef0123456789abcdef"
        func render(_ view: String, secret: Bool = true, _ more: String...) async throws -> Tool.Outcome {
            let credential = """
                ---
                apiVersion: v1
                kind: Secret
                metadata: {name: tenant-a-write-credential, namespace: o11y}
                data: {token: \(Base64.encode(token.utf8)), password: \(Base64.encode(token.utf8))}
                """
            let input = """
                apiVersion: tributary.dev/v1alpha1
                kind: GlobalView
                metadata: {name: main, namespace: o11y}
                spec:
                  external: {writeURL: "http://mimir/push", tenantHeader: X-Scope-OrgID}
                  gateway: {}
                  \(view)
                ---
                apiVersion: tributary.dev/v1alpha1
                kind: Tenant
                metadata: {name: tenant-a, namespace: o11y}
                spec: {globalViewRef: {name: main}}
                \(secret ? credential : "")
                """
            return try await Tool.run(["render", "--tenant", "tenant-a", "-f", "-"] + more, input: input)
        }
        let ingress = "ingress: {host: metrics.example.org, tls: {secretName: t}}"
        let shown = try await render(ingress, "--show-secrets")
        #expect(shown.errors == "")
        let objects = try YAML.parse(shown.output).map { Object($0.value) }
        #expect(objects.map(\.kind) == ["Secret", "PrometheusAgent"])
        #expect(objects.first?.json["stringData", "token"] == JSON(token))
        #expect(shown.output.contains("url: https://metrics.example.org/tenants/write"))
        let there = try await Tool.run("render", "-f", "-", input: shown.output)
        #expect(there.errors == "" && there.code == 0)
        #expect(!there.output.contains(token))

        let hidden = try await render(ingress)
        #expect(!hidden.output.contains(token) && hidden.output.contains("token: '***'"))
        let lacking = try await render(ingress, secret: false, "--show-secrets")
        #expect(lacking.code == 1 && lacking.output == "")
        #expect(lacking.errors.contains("kubectl get secret -n o11y tenant-a-write-credential -o yaml"))
        let unreachable = try await render("paused: false", "--show-secrets")
        #expect(unreachable.code == 1 && unreachable.errors.contains("set spec.ingress or spec.httpRoute"))
    }

    @Test func `The command render prints an agent for a tenant's cluster, which renders there`() async throws {
        let outcome = try await Tool.run("render", "--tenant", "tenant-a", "-f", "examples/send-less")
        #expect(outcome.code == 0)
        let documents = try YAML.parse(outcome.output)
        let agent = Object(try #require(documents.first).value)
        #expect(documents.count == 1)
        #expect(agent.kind == "PrometheusAgent")
        #expect(PrometheusAgent.problems(in: agent).map(\.description) == [])
        let there = try await Tool.run("render", "-f", "-", input: outcome.output)
        #expect(there.errors == "")
        #expect(there.code == 0)
        #expect(there.output.contains("kind: StatefulSet"))
    }

    @Test func `The command render reports a tenant that does not exist`() async throws {
        let outcome = try await Tool.run("render", "--tenant", "nobody", "-f", "examples/send-less")
        #expect(outcome.code == 1)
        #expect(outcome.output == "")
        #expect(
            outcome.errors
                == "error: --tenant nobody: the files contain no such Tenant (they contain: observability/tenant-a)\n")
    }

    @Test func `The command render reports a fault of the tenant instead of an agent for it`() async throws {
        let outcome = try await Tool.run("render", "--tenant", "tenant-a", "-f", "-", input: Self.tenant("tenant-a"))
        #expect(outcome.code == 1)
        #expect(
            outcome.errors
                == "<stdin>:5:19: error: Tenant observability/tenant-a: spec.globalViewRef.name: \"main\" is not a "
                + "GlobalView of namespace \"observability\" (it has none)\n")
    }

    @Test func `The command render reads standard input`() async throws {
        let input = try Checkout.read("examples/isolation/10-globalview.yaml")
        let outcome = try await Tool.run("render", "-f", "-", input: input)
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("name: main-prometheus"))
    }

    @Test func `The command render reads the output of kubectl get`() async throws {
        let objects = try YAML.parse(
            try Checkout.read("examples/isolation/10-globalview.yaml")
                + "---\n" + Checkout.read("examples/isolation/20-tenants.yaml")
        ).map(\.value)
        let list: JSON = ["apiVersion": "v1", "kind": "List", "items": .array(objects)]
        let outcome = try await Tool.run("render", "-f", "-", input: list.text(.init(indent: 2)))
        #expect(outcome.errors == "")
        #expect(outcome.output == (try await Tool.run("render", "-f", "examples/isolation")).output)
    }

    @Test func `The command render prints two thousand tenants`() async throws {
        let input =
            try Checkout.read("examples/isolation/10-globalview.yaml")
            + (0..<2000).map { "---\n\(Self.tenant("tenant-\($0)"))" }.joined()
        let outcome = try await Tool.run("render", "-f", "-", input: input)
        #expect(outcome.code == 0)
        #expect(outcome.errors == "")
        #expect(outcome.output.split(separator: "\n").count { $0 == "kind: Deployment" } == 2000)
    }

    static func tenant(_ name: String) -> String {
        """
        apiVersion: tributary.dev/v1alpha1
        kind: Tenant
        metadata: {name: \(name), namespace: observability}
        spec:
          globalViewRef: {name: main}

        """
    }
}
