import Kube
import TestSupport
import Testing

@Suite struct `tributary why` {
    @Test func `The command why explains a monitor in files, as text and as JSON`() async throws {
        let files = ["-f", "Tests/Fixtures/why/app.yaml", "Tests/Fixtures/why/port-name.yaml"]
        let text = try await Tool.run(["why", "servicemonitor", "shop/web"] + files)
        #expect(text.code == 1 && text.errors == "")
        #expect(text.output.contains("none is named metric. Did you mean \"metrics\"?\n"))
        #expect(text.output.hasSuffix("-> it makes no targets: it finds none\n"))
        let json = try JSON(
            parsing: try await Tool.run(["why", "servicemonitor", "shop/web", "-o", "json"] + files).output)
        #expect(json["works"] == false)
        #expect(json["findings"]?.array?.contains { $0["reason"] == "PortNotFound" } == true)
        let works = try await Tool.run(
            "why", "servicemonitor", "shop/web", "-f", "Tests/Fixtures/why/app.yaml", "Tests/Fixtures/why/working.yaml")
        #expect(works.code == 0)
    }

    @Test func `The command why finds what Tributary itself makes from the files`() async throws {
        let monitor = """
            apiVersion: monitoring.coreos.com/v1
            kind: PodMonitor
            metadata: {name: agents, namespace: monitoring}
            spec:
              selector: {matchLabels: {app.kubernetes.io/managed-by: tributary}}
              podMetricsEndpoints: [{port: http}]
            """
        let outcome = try await Tool.run(
            "why", "podmonitor", "monitoring/agents", "-f", "Tests/Fixtures/why/app.yaml", "-", input: monitor)
        #expect(outcome.output.contains("StatefulSet monitoring/"), "\(outcome)")
    }

    @Test func `The command why names the nearest object where there is none of the name`() async throws {
        let outcome = try await Tool.run("why", "tenant", "observability/tenant-x", "-f", "examples/walls")
        #expect(outcome.code == 1 && outcome.output == "")
        #expect(
            outcome.errors == "error: there is no Tenant observability/tenant-x in the files. "
                + "Did you mean \"observability/tenant-a\"?\n")
    }

    @Test func `The command why says which file cannot be read`() async throws {
        let outcome = try await Tool.run("why", "tenant", "a/b", "-f", "examples/none.yaml")
        #expect(outcome.code == 1)
        #expect(outcome.errors.hasPrefix("examples/none.yaml: error: no such file or folder\n"))
    }

    @Test func `The command why explains a receiver, by its pod or its address`() async throws {
        let works = try await Tool.run("why", "receiver", "observability/receive-default-1", "-f", "examples/thanos")
        #expect(works.code == 0 && works.errors == "", "\(works)")
        #expect(
            works.output.hasSuffix("-> it is in hashring default of GlobalView observability/main\n"), "\(works.output)"
        )
        let managed = try await Tool.run(
            "why", "receiver", "main-receive-default-0.main-receive-default.observability.svc.cluster.local:10901",
            "-o",
            "json", "-f", "examples/thanos-managed")
        #expect(try JSON(parsing: managed.output)["works"] == true, "\(managed)")
        let none = try await Tool.run("why", "receiver", "observability/receive-defaults-1", "-f", "examples/thanos")
        #expect(none.code == 1)
        #expect(
            none.errors == "error: there is no receiver observability/receive-defaults-1 in the files. "
                + "Did you mean \"observability/receive-default-1\"?\n")
    }

    @Test func `The command lint checks the monitors that a central Prometheus selects`() async throws {
        let lint = try await Tool.run("lint", "Tests/Fixtures/why/central.yaml")
        #expect(lint.code == 1)
        #expect(lint.output.contains("error: ServiceMonitor shop/slow: "), "\(lint)")
    }

    @Test func `The command lint checks a hashring file for a version of Thanos`() async throws {
        let file = #"[{"hashring": "a", "endpoints": [{"address": "a:1"}]}]"#
        let old = try await Tool.run("lint", "--thanos-version", "v0.31.0", "-", input: file)
        #expect(old.code == 1 && old.output.contains("0.32 and later read it"), "\(old)")
        let new = try await Tool.run("lint", "--thanos-version", "0.32.1", "-", input: file)
        #expect(new.code == 0, "\(new)")
        #expect(try await Tool.run("lint", "--thanos-version", "x", "-", input: file).code == 2)
    }
}
