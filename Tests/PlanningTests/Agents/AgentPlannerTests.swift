import Kube
import Planning
import PlanningInput
import Testing
import TributaryAPI
import YAML

@Suite("Plans of agents")
struct AgentPlannerTests {
    static func scene(_ agent: String = Samples.agent, view: String = Samples.external) throws -> Scene {
        try Scene(view, Samples.tenant("tenant-a", "{id: acme}"), agent)
    }

    /// The configuration file of an agent's shard.
    static func configuration(_ plan: Plan, _ secret: String = "cluster-agent") throws -> JSON {
        let data = try #require(try plan.object("Secret", secret).json["data", "prometheus.yaml"]?.string)
        return try YAML.parseOne(try #require(decodeBase64(data))).value
    }

    private static func decodeBase64(_ text: String) -> [UInt8]? {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var (bits, count) = (UInt32(0), 0)
        var bytes: [UInt8] = []
        for byte in text.utf8 where byte != UInt8(ascii: "=") {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    @Test func `An agent takes label, URL and header from its tenant`() throws {
        let plan = try Self.scene().plan(agent: "cluster")
        #expect(plan.messages == [])
        let file = try Self.configuration(plan)
        #expect(file["global", "external_labels"]?["tenant"] == "acme")
        #expect(file["global", "external_labels"]?["cluster"] == "eu-1")
        #expect(file["global", "external_labels"]?["__replica__"]?.string?.contains("POD_NAME") == true)
        let write = file["remote_write"]?[0]
        #expect(write?["url"] == "https://mimir.example.org/api/v1/push")
        #expect(write?["headers"] == ["X-Scope-OrgID": "acme"])
    }

    @Test func `An agent cannot claim to be another tenant`() throws {
        let plan = try Self.scene(
            Samples.agent.replacing("{cluster: eu-1}", with: "{tenant: victim}")
                + "\n  remoteWrite: [{name: tenant, headers: {X-Scope-OrgID: victim}}]"
        ).plan(agent: "cluster")
        let file = try Self.configuration(plan)
        #expect(file["global", "external_labels"]?["tenant"] == "acme")
        #expect(file["remote_write"]?[0]?["headers"] == ["X-Scope-OrgID": "acme"])
    }

    @Test func `An agent that writes to a central Prometheus sends no header`() throws {
        let file = try Self.configuration(try Self.scene(view: Samples.prometheus).plan(agent: "cluster"))
        #expect(file["remote_write"]?[0]?["headers"] == nil)
    }

    @Test func `An agent's credentials are mounted as files and are not in its configuration`() throws {
        var scene = try Self.scene(
            Samples.agent + "\n  remoteWrite: [{name: tenant, tlsConfig: {ca: {configMap: {name: ca, key: ca.crt}}}, "
                + "basicAuth: {username: {name: credentials.of.mine, key: username}, "
                + "password: {name: credentials.of.mine, key: password}}}]")
        try scene.reset(credentials: .assumed)
        let plan = scene.plan(agent: "cluster")
        let write = try Self.configuration(plan)["remote_write"]?[0]
        #expect(
            write?["basic_auth"] == [
                "username_file": "/etc/prometheus/secrets/credentials.of.mine/username",
                "password_file": "/etc/prometheus/secrets/credentials.of.mine/password",
            ])
        let pod = try plan.object("StatefulSet", "cluster-agent").json["spec", "template", "spec"] ?? [:]
        let volumes = pod["volumes"]?.array ?? []
        let mounts = pod["containers"]?[0]?["volumeMounts"]?.array ?? []
        // A volume's name is a DNS label, but a Secret's name may contain dots.
        for volume in volumes {
            let name = volume["name"]?.string ?? ""
            #expect(!name.contains(".") && name.utf8.count <= 63)
        }
        #expect(Set(mounts.map { $0["name"] }) == Set(volumes.map { $0["name"] }))
        #expect(volumes.contains { $0["secret"] == ["secretName": "credentials.of.mine", "optional": true] })
        #expect(mounts.contains { $0["mountPath"] == "/etc/prometheus/secrets/credentials.of.mine" })
        #expect(mounts.contains { $0["mountPath"] == "/etc/prometheus/configmaps/ca" })
    }

    @Test func `An agent has one StatefulSet for each shard, and the first one keeps its name`() throws {
        let one = try Self.scene().plan(agent: "cluster")
        let two = try Self.scene(Samples.agent + "\n  shards: 2\n  replicas: 2").plan(agent: "cluster")
        #expect(one.names.filter { $0.hasPrefix("StatefulSet") } == ["StatefulSet cluster-agent"])
        #expect(
            two.names.filter { $0.hasPrefix("StatefulSet") } == [
                "StatefulSet cluster-agent", "StatefulSet cluster-agent-shard-1",
            ])
        #expect(try two.status(of: "cluster")["desired"] == "2x2")
        let keeps = try ["cluster-agent", "cluster-agent-shard-1"].map { name in
            try Self.configuration(two, name)["scrape_configs"]?[0]?["relabel_configs"]?.array?.last?["regex"]
        }
        #expect(keeps == ["0;|.+;.+", "1;|.+;.+"])
    }

    @Test func `An agent prefers another node for each replica, unless its specification has an affinity`() throws {
        func affinity(_ more: String) throws -> JSON? {
            try Self.scene(Samples.agent + more).plan(agent: "cluster").object("StatefulSet", "cluster-agent")
                .json["spec", "template", "spec", "affinity"]
        }
        let term = try affinity("")?["podAntiAffinity", "preferredDuringSchedulingIgnoredDuringExecution"]?[0]
        #expect(term?["podAffinityTerm", "topologyKey"] == "kubernetes.io/hostname")
        #expect(term?["podAffinityTerm", "labelSelector", "matchLabels", "tributary.dev/shard"] == "0")
        #expect(try affinity("\n  affinity: {nodeAffinity: {}}") == ["nodeAffinity": [:]])
    }

    @Test func `An agent may read the namespaces that it names and no others`() throws {
        let agent = Samples.agent.replacing(
            "static_configs: [{targets: [\"localhost:9090\"]}]",
            with: "kubernetes_sd_configs: [{role: pod, namespaces: {names: [apps]}}]")
        let plan = try Self.scene(agent).plan(agent: "cluster")
        let roles = plan.objects.filter { $0.kind == "Role" || $0.kind == "RoleBinding" }
        #expect(
            roles.map(\.description) == [
                "Role apps/observability.cluster-agent", "RoleBinding apps/observability.cluster-agent",
            ])
        #expect(!plan.objects.contains { $0.kind.hasPrefix("ClusterRole") })
        let pod = ["spec", "template", "spec", "automountServiceAccountToken"]
        #expect(try plan.object("StatefulSet", "cluster-agent").json[path: pod] == true)
        let alone = try Self.scene().plan(agent: "cluster")
        #expect(try alone.object("StatefulSet", "cluster-agent").json[path: pod] == false)
        #expect(!alone.objects.contains { $0.kind.hasPrefix("Role") })
        // Owner references do not work across namespaces: labels name the owner, each within 63 characters.
        for role in roles {
            #expect(role.ownerReferences == [])
            #expect(role.labels["tributary.dev/agent"] == "cluster")
            #expect(role.labels["tributary.dev/agent-namespace"] == "observability")
        }
    }

    @Test func `An agent whose tenant does not exist gets an error that says what to do`() throws {
        let plan = try Scene(Samples.agent).plan(agent: "cluster")
        #expect(
            plan.messages == [
                "error: PrometheusAgent observability/cluster: spec.tenantRef: there is no Tenant "
                    + "\"observability/tenant-a\"; in a cluster without the Tenant, apply the output of "
                    + "\"tributary render --tenant\""
            ])
        #expect(plan.keepsExisting)
        #expect(try plan.readiness(of: "cluster") == "False TenantNotFound")
    }

    @Test func `Each scrape configuration that Prometheus would refuse is named with what would be right`() throws {
        let plan = try Self.scene(
            Samples.agent + """

                  - {job_name: pods, kubernetes_sd_configs: [{role: pods}]}
                  - {job_name: limited, sample_limit: -1}
                  - {job_name: typed, static_configs: [{targts: ["a:1"]}]}
                  - {job_name: more, static_configs: [{targets: ["a:1"]}]}
                """
        ).plan(agent: "cluster")
        let jobs = try Self.configuration(plan)["scrape_configs"]?.array ?? []
        #expect(jobs.map { $0["job_name"] } == ["agent", "more"])
        let messages = plan.messages.joined(separator: "\n")
        for expected in [
            #""pods": kubernetes_sd_configs[0].role: "pods" should be one of endpoints, endpointslice, ingress, node, pod"#,
            #""limited": sample_limit: -1 should not be negative"#,
            #""typed": static_configs[0].targts: is not a field of a static config. Did you mean "targets"?"#,
        ] {
            #expect(messages.contains(expected), "\(messages)")
        }
    }

    @Test func `An agent works without a scrape configuration that Prometheus would refuse`() throws {
        let plan = try Self.scene(
            Samples.agent + "\n  - job_name: bad\n    relabel_configs: [{action: nonsense}]"
        ).plan(agent: "cluster")
        #expect(plan.diagnostics.map(\.reason) == ["ScrapeConfigRejected"])
        #expect(plan.diagnostics.first?.message.contains("bad") == true)
        let jobs = try Self.configuration(plan)["scrape_configs"]?.array ?? []
        #expect(jobs.map { $0["job_name"] } == ["agent"])
        #expect(try plan.status(of: "cluster")["rejected"] == 1)
        #expect(try plan.status(of: "cluster")["monitors"] == 1)
    }

    @Test func `A paused agent stays unchanged`() throws {
        let plan = try Self.scene(Samples.agent + "\n  paused: true").plan(agent: "cluster")
        #expect(plan.objects == [])
        #expect(plan.keepsExisting)
        #expect(try plan.readiness(of: "cluster") == "Unknown Paused")
        #expect(try plan.condition("Stalled", of: "cluster").status == .false)
    }

    @Test func `An agent whose name is too long for its StatefulSets gets an error`() throws {
        let name = String(repeating: "a", count: 38)
        let plan = try Self.scene(Samples.agent.replacing("name: cluster,", with: "name: \(name),")).plan(agent: name)
        #expect(plan.objects == [])
        #expect(plan.messages.first?.contains("metadata.name: \"\(name)\" should have at most 37 characters") == true)
    }

    @Test func `The agent manifest for another cluster can be applied there`() throws {
        for name in ["tenant-a", String(repeating: "t", count: 58)] {
            let scene = try Scene(Samples.external, Samples.tenant(name, "{id: acme}"))
            let object = try scene.planner.manifests(forTenant: name)[0]
            #expect(PrometheusAgent.problems(in: object).map(\.description) == [])
            var there = try Scene()
            try there.add(object)
            let plan = there.plan(agent: object.name)
            #expect(plan.messages == [])
            let file = try Self.configuration(plan, "\(object.name)-agent")
            #expect(file["remote_write"]?[0]?["headers"] == ["X-Scope-OrgID": "acme"])
            #expect(file["global", "external_labels"]?["tenant"] == "acme")
        }
    }

    @Test func `The agent manifest for another cluster needs the name of exactly one tenant`() throws {
        var scene = try Scene(Samples.external, Samples.tenant("tenant-a"))
        func failure(_ name: String) -> String {
            do {
                _ = try scene.planner.manifests(forTenant: name)
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(
            failure("nobody")
                == "--tenant nobody: the files contain no such Tenant (they contain: observability/tenant-a)")
        try scene.add(Samples.external, namespace: "other")
        try scene.add(Samples.tenant("tenant-a"), namespace: "other")
        #expect(
            failure("tenant-a")
                == "--tenant tenant-a: several Tenants have this name; add the namespace: NAMESPACE/NAME")
        #expect(failure("other/tenant-a") == "")
    }

    @Test func `An agent that sends nowhere runs, and a warning says so`() throws {
        let agent = """
            apiVersion: tributary.dev/v1alpha1
            kind: PrometheusAgent
            metadata: {name: cluster, generation: 1}
            spec:
              scrapeConfigs: [{job_name: a, static_configs: [{targets: ["localhost:9090"]}]}]
            """
        let plan = try Scene(agent).plan(agent: "cluster")
        #expect(plan.names.contains { $0.hasPrefix("StatefulSet ") })
        #expect(
            plan.messages == [
                "warning: PrometheusAgent observability/cluster: spec.remoteWrite: is empty: what the agent scrapes goes "
                    + "nowhere; set remoteWrite or tenantRef"
            ])
    }
}
