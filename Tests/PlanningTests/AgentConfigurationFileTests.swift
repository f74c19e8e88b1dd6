import Kube
import Planning
import PlanningInput
import Testing

@Suite("Configuration files of agents")
struct AgentConfigurationFileTests {
    @Test func `The configuration of an agent with very many monitors is shown as one file`() throws {
        let agent = MonitorSamples.agent("podMonitorSelector: {}")
        var scene = try Scene(agent)
        // Each has 16 KiB, so that they do not fit into one Secret.
        let rule = "{sourceLabels: [a], targetLabel: b, replacement: \"\(String(repeating: "x", count: 4000))\"}"
        for number in 0..<80 {
            try scene.add(
                MonitorSamples.podMonitor("m\(number)").replacing(
                    "{port: web}",
                    with: "{port: web, relabelings: [\(Array(repeating: rule, count: 4).joined(separator: ", "))]}"))
        }
        let plan = scene.plan(agent: "cluster")
        #expect(plan.messages == [])
        #expect(plan.objects.count { $0.kind == "Secret" } > 3)
        let files = scene.planner.configurations(in: plan)
        #expect(files.count == 1)
        let content = try #require(files.first?.content)
        #expect(content["scrape_configs"]?.array?.count == 80)
        #expect(content["scrape_config_files"] == nil)
        #expect(content["remote_write"]?.array?.count == 1)
    }

    @Test func `A configuration is shown without its secrets`() throws {
        let agent = """
            apiVersion: tributary.dev/v1alpha1
            kind: PrometheusAgent
            metadata: {name: cluster}
            spec:
              remoteWrite:
              - name: c
                url: https://metrics.example.org/write
                sigv4: {region: eu, accessKey: {name: s, key: a}, secretKey: {name: s, key: b}}
              - name: b
                url: https://metrics.example.org/write
                bearerToken: hidden-2
                proxyUrl: http://proxy.example.org:3128
                proxyConnectHeader: {X-Proxy: [{name: s, key: c}]}
              tracingConfig: {endpoint: "t:4317", headers: {key: hidden-6}}
              scrapeConfigs:
              - job_name: consul
                authorization: {credentials: hidden-7}
                consul_sd_configs: [{server: "http://consul:8500", token: hidden-8}]
              - job_name: http
                http_sd_configs: [{url: "https://me:hidden-1@targets.example.org/all"}]
            """
        var scene = try Scene(agent)
        try scene.add(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: s}
            stringData: {a: hidden-3, b: hidden-4, c: hidden-5}
            """)
        let file = try #require(scene.planner.configurations(in: scene.plan(agent: "cluster")).first)
        for number in 1...8 { #expect(file.content.text(.init()).contains("hidden-\(number)"), "\(number)") }
        let shown = file.redacted.text(.init())
        #expect(!shown.contains("hidden"))
        #expect(shown.contains("https://me:***@targets.example.org/all"))
        #expect(shown.contains("http://proxy.example.org:3128"))
        #expect(shown.contains("http://consul:8500"))
    }
}
