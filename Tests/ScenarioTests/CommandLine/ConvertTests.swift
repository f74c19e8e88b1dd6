import Kube
import TestSupport
import Testing
import TributaryAPI
import YAML

/// Agents of prometheus-operator.
private enum OriginalAgent {
    /// An older setup: a Prometheus with the agent feature flag, two monitors, Namespaces and Secrets.
    static let older = "Tests/Fixtures/prometheus-operator/older-agent.yaml"

    static let agent = """
        apiVersion: monitoring.coreos.com/v1alpha1
        kind: PrometheusAgent
        metadata: {name: main, namespace: monitoring}
        spec:
          version: v3.5.0
          serviceMonitorSelector: {}
          schedulerName: second
          remoteWrite:
          - url: https://metrics.example.org/api/v1/write

        """
}

@Suite struct `tributary convert` {
    @Test func `The command convert prints an agent for an older setup, and reports fields without a counterpart`()
        async throws
    {
        let outcome = try await Tool.run("convert", "-f", OriginalAgent.older)
        #expect(outcome.code == 0)
        let documents = try YAML.parse(outcome.output)
        #expect(documents.count == 1)
        let agent = Object(try #require(documents.first).value)
        #expect(agent.apiVersion == "tributary.dev/v1alpha1")
        #expect(PrometheusAgent.problems(in: agent).map(\.description) == [])
        #expect(
            outcome.errorLines.map { line in line.split(separator: ": ").prefix(4).joined(separator: ": ") } == [
                "\(OriginalAgent.older):27:3: warning: Prometheus monitoring/agent: spec.evaluationInterval",
                "\(OriginalAgent.older):28:3: warning: Prometheus monitoring/agent: spec.retention",
                "\(OriginalAgent.older):37:3: warning: Prometheus monitoring/agent: spec.ruleSelector",
                "\(OriginalAgent.older):40:3: warning: Prometheus monitoring/agent: spec.alerting",
                "\(OriginalAgent.older):49:9: warning: Prometheus monitoring/agent: "
                    + "spec.storage.volumeClaimTemplate.metadata.labels",
                "\(OriginalAgent.older):57:5: warning: Prometheus monitoring/agent: spec.containers[0].args",
                "\(OriginalAgent.older):66:5: warning: Prometheus monitoring/agent: spec.containers[1]",
            ])
        #expect(!(outcome.output + outcome.errors).contains("change-me"))
    }

    @Test func `A converted agent renders to the same configuration as its original`() async throws {
        let printed = try await Tool.run("convert", "-f", OriginalAgent.older)
        let rest = try YAML.parse(try Checkout.read(OriginalAgent.older)).map(\.value).filter {
            $0["kind"] != "Prometheus"
        }
        let direct = try await Tool.run("render", "-o", "config", "-f", OriginalAgent.older)
        let converted = try await Tool.run(
            "render", "-o", "config", "-f", "-", input: "\(printed.output)---\n\(YAML.write(rest))")
        #expect(converted.errors == "")
        #expect(converted.code == 0)
        #expect(direct.code == 0)
        #expect(direct.output.split(separator: "\n").count > 100)
        #expect(converted.output == direct.output)
        #expect(try await Tool.run("render", "-f", OriginalAgent.older).output.contains("kind: StatefulSet"))
    }

    @Test func `The command convert reads standard input and several files`() async throws {
        let outcome = try await Tool.run("convert", "-f", "-", OriginalAgent.older, input: OriginalAgent.agent)
        #expect(outcome.code == 0)
        #expect(try YAML.parse(outcome.output).map { Object($0.value).name } == ["main", "agent"])
        #expect(
            outcome.errorLines.first
                == "<stdin>:7:3: warning: PrometheusAgent monitoring/main: spec.schedulerName: has no counterpart: the "
                + "cluster's default scheduler places the pods: use spec.affinity or spec.nodeSelector")
    }

    @Test func `The command convert refuses a Prometheus that is not an agent`() async throws {
        let server = """
            apiVersion: monitoring.coreos.com/v1
            kind: Prometheus
            metadata: {name: main, namespace: monitoring}
            spec: {retention: 1d}

            """
        let outcome = try await Tool.run("convert", "-f", "-", input: server + "---\n" + OriginalAgent.agent)
        #expect(outcome.code == 1)
        #expect(
            outcome.errorLines.first?.hasPrefix("<stdin>:4:1: error: Prometheus monitoring/main: spec.enable") == true)
        // The other object is converted nevertheless.
        #expect(try YAML.parse(outcome.output).count == 1)
        let rendered = try await Tool.run("render", "-f", "-", input: server)
        #expect(rendered.code == 0)
        #expect(rendered.output == "")
        #expect(
            rendered.errors.hasPrefix("<stdin>:4:1: warning: Prometheus monitoring/main: spec.enableFeatures: has no"))
        #expect(rendered.errors.hasSuffix("not an agent: ignored\n"))
    }

    @Test func `The command convert reports files without an agent`() async throws {
        let outcome = try await Tool.run("convert", "-f", "examples/edge")
        #expect(outcome.code == 1)
        #expect(outcome.output == "")
        #expect(
            outcome.errors == "error: found no Prometheus or PrometheusAgent of monitoring.coreos.com in the files\n")
    }
}

@Suite struct `tributary render for agents of prometheus-operator` {
    @Test func `The command render selects the monitors of an original agent and mounts its Secrets`() async throws {
        let outcome = try await Tool.run("render", "-f", OriginalAgent.older)
        #expect(outcome.code == 0)
        let objects = try YAML.parse(outcome.output).map { Object($0.value) }
        #expect(objects.filter { $0.kind == "StatefulSet" }.map(\.name) == ["agent-agent", "agent-agent-shard-1"])
        #expect(objects.contains { $0.kind == "Secret" && $0.name == "agent-agent-assets" })
        #expect(!outcome.output.contains("change-me"))
        let set = try #require(objects.first { $0.kind == "StatefulSet" })
        let container = set.json["spec", "template", "spec"]?["containers"]?.array?.first { $0["name"] == "prometheus" }
        #expect(container?["image"] == "quay.io/prometheus/prometheus:v2.53.4")
        #expect(container?["startupProbe", "failureThreshold"] == 120)
        let arguments = (container?["args"]?.array ?? []).compactMap(\.string)
        #expect(arguments.contains("--storage.agent.retention.max-time=6h"))
        #expect(arguments.contains("--web.route-prefix=/agent"))
        #expect(arguments.count { $0.hasPrefix("--config.file") } == 1)
    }

    @Test func `The command render prints the configuration of each shard`() async throws {
        let outcome = try await Tool.run("render", "-o", "config", "-f", OriginalAgent.older)
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.filter { $0.hasPrefix("#") } == [
                "# PrometheusAgent monitoring/agent, shard 0 of 2", "# PrometheusAgent monitoring/agent, shard 1 of 2",
            ])
        let files = try YAML.parse(outcome.output).map(\.value)
        #expect(files.count == 2)
        let jobs = try #require(files.first?["scrape_configs"]?.array).map { $0["job_name"]?.string }
        #expect(
            jobs == [
                "podMonitor/monitoring/nodes/0", "serviceMonitor/shop/orders/0", "serviceMonitor/shop/orders/1",
            ])
        #expect(
            files.first?["global", "external_labels"] == [
                "cluster": "eu-1", "prometheus": "monitoring/agent", "prometheus_replica": "${POD_NAME}",
            ])
        #expect(!outcome.output.contains("change-me"))
        #expect(outcome.output.contains("client_id: '***'"))
        let shown = try await Tool.run("render", "--show-secrets", "-o", "config", "-f", OriginalAgent.older)
        #expect(shown.output.contains("client_id: change-me-client"))
        // Values that Prometheus reads from files are not in the configuration.
        #expect(!shown.output.contains("change-me-central"))
    }

    @Test(arguments: await InstalledPrometheus.all())
    func `The command render prints a configuration that promtool accepts`(_ installed: InstalledPrometheus)
        async throws
    {
        let text = try Checkout.read(OriginalAgent.older).replacing("tag: v2.53.4", with: "tag: v\(installed.version)")
        let outcome = try await Tool.run("render", "-o", "config", "-f", "-", input: text)
        // Prometheus in Debian 12 is built without Kubernetes discovery.
        let lacksDiscovery = installed.version.hasPrefix("2.42.")
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        for (shard, document) in try YAML.parse(outcome.output).enumerated() {
            var file = document.value
            if lacksDiscovery { file["scrape_configs"] = nil }
            let path = try folder.write("\(shard).yaml", YAML.write(file))
            let result = try await ChildProcess.run(
                installed.promtool, ["check", "config", "--agent", "--syntax-only", path])
            #expect(result.code == 0, "\(result.output)")
        }
        #expect(outcome.code == 0)
    }

    @Test func `The command render prints the configuration of Tributary's agents`() async throws {
        let outcome = try await Tool.run("render", "-o", "config", "-f", "examples/send-less")
        #expect(outcome.errors == "")
        #expect(outcome.code == 0)
        #expect(outcome.output.hasPrefix("# PrometheusAgent "))
        #expect(try YAML.parse(outcome.output).allSatisfy { $0.value["remote_write"] != nil })
        let none = try await Tool.run("render", "-o", "config", "-f", "examples/isolation")
        #expect(none.code == 1)
        #expect(none.output == "")
        #expect(none.errors == "error: found no PrometheusAgent in the files; expected one for -o config\n")
        let wrong = try await Tool.run("render", "-o", "config", "--tenant", "a", "-f", "examples/send-less")
        #expect(wrong.code == 2)
    }

    @Test func `The command render ignores an original agent if the files also have the converted one`() async throws {
        let converted = try await Tool.run("convert", "-f", "-", input: OriginalAgent.agent)
        let both = try await Tool.run(
            "render", "-o", "config", "-f", "-", input: OriginalAgent.agent + "---\n" + converted.output)
        #expect(both.code == 0)
        #expect(try YAML.parse(both.output).count == 1)
        #expect(
            both.errors
                == "<stdin>:1:1: warning: PrometheusAgent monitoring/main: ignored, since the files also have "
                + "PrometheusAgent monitoring/main of tributary.dev, at <stdin>:11:1\n")
    }

    @Test func `The command render refuses a field of an original agent that the converted one cannot have`()
        async throws
    {
        let outcome = try await Tool.run(
            "render", "-f", "-",
            input: OriginalAgent.agent.replacing("schedulerName: second", with: "replicas: 11", maxReplacements: 1))
        #expect(outcome.code == 1)
        #expect(outcome.output == "")
        #expect(
            outcome.errors.hasPrefix("<stdin>:7:3: error: PrometheusAgent monitoring/main: spec.replicas: found 11"))
    }
}
