import Kube
import Testing
import YAML

@testable import PrometheusConfig

/// ScrapeConfigs that nobody can follow: each is told what is wrong, and none stops the program.
struct BadScrapeConfigTests {
    struct Bad: Sendable, CustomTestStringConvertible {
        var kind: String
        var entry: String
        var message: String
        var testDescription: String { "\(kind): \(entry)" }

        init(_ kind: String, _ entry: String, _ message: String) {
            (self.kind, self.entry, self.message) = (kind, entry, message)
        }
    }

    static let bad: [Bad] = [
        Bad("staticConfigs", "{targets: ['http://a/']}", "targets[0]: \"http://a/\" should be an address, host:port"),
        Bad("staticConfigs", "{targets: a}", "targets: should be a list, not a string"),
        Bad("fileSDConfigs", "{files: []}", "files: is required"),
        Bad("fileSDConfigs", "{files: [/a/*/b.json]}", "files[0]: \"/a/*/b.json\" should end with"),
        Bad("fileSDConfigs", "{files: [/etc/passwd]}", "files[0]: \"/etc/passwd\" should end with"),
        Bad("httpSDConfigs", "{url: 'file:///etc/passwd'}", "url: \"file:///etc/passwd\" should be http://host"),
        Bad("httpSDConfigs", "{url: 'http://a', refreshInterval: soon}", "refreshInterval: \"soon\" is no duration"),
        Bad(
            "httpSDConfigs", "{url: 'http://a', basicAuth: {username: {name: s, key: user}}}",
            "basicAuth.password: is required"),
        Bad(
            "httpSDConfigs", "{url: 'http://a', authorization: {credentials: {name: other, key: a}}}",
            "authorization.credentials: there is no Secret shop/other"),
        Bad(
            "httpSDConfigs",
            "{url: 'http://a', authorization: {credentials: {name: s, key: token}}, basicAuth: {username: {name: s, key: user}, password: {name: s, key: password}}}",
            "basicAuth: cannot stand beside authorization"),
        Bad("kubernetesSDConfigs", "{role: Secrets}", "role: \"Secrets\" should be one of"),
        Bad("kubernetesSDConfigs", "{}", "role: is required"),
        Bad(
            "kubernetesSDConfigs", "{role: Pod, apiServer: 'https://a', namespaces: {ownNamespace: true}}",
            "namespaces.ownNamespace: cannot be true beside apiServer"),
        Bad(
            "kubernetesSDConfigs", "{role: Pod, selectors: [{role: Node, label: a}]}",
            "selectors[0].role: node should be one of pod, for role pod"),
        Bad(
            "kubernetesSDConfigs", "{role: Pod, selectors: [{role: Pod, label: a}, {role: Pod, label: b}]}",
            "selectors[1].role: pod is given twice"),
        Bad(
            "kubernetesSDConfigs", "{role: Pod, selectors: [{role: Pod, label: 'a in b'}]}",
            "selectors[0].label: \"a in b\" is no label selector"),
        Bad(
            "kubernetesSDConfigs", "{role: Pod, selectors: [{role: Pod, field: nodeName}]}",
            "selectors[0].field: \"nodeName\" is no field selector"),
        Bad("consulSDConfigs", "{server: ''}", "server: is required"),
        Bad("dnsSDConfigs", "{names: [a], type: A}", "port: is required for records of type A"),
        Bad("dnsSDConfigs", "{names: [a], type: TXT, port: 1}", "type: \"TXT\" should be one of"),
        Bad("dnsSDConfigs", "{names: [a], port: 65536}", "port: 65536 should be at most 65535"),
        Bad("ec2SDConfigs", "{accessKey: {name: s, key: user}}", "accessKey: needs secretKey"),
        Bad("azureSDConfigs", "{subscriptionID: s}", "tenantID: is required to authenticate by OAuth"),
        Bad("azureSDConfigs", "{subscriptionID: s, authenticationMethod: Magic}", "authenticationMethod: \"Magic\""),
        Bad("gceSDConfigs", "{project: p}", "zone: is required"),
        Bad("openstackSDConfigs", "{region: r, role: Cloud}", "role: \"Cloud\" should be one of"),
        Bad("kumaSDConfigs", "{server: kuma}", "server: \"kuma\" should be scheme://host"),
        Bad("dockerSDConfigs", "{host: localhost}", "host: \"localhost\" should be scheme://"),
        Bad("dockerSDConfigs", "{host: 'tcp://a:1', filters: [{values: [a]}]}", "filters[0].name: is required"),
        Bad("hetznerSDConfigs", "{role: cloud}", "role: \"cloud\" should be one of Hcloud, Robot, hcloud, robot"),
        Bad("nomadSDConfigs", "{server: 'http:///x'}", "server: \"http:///x\" should be scheme://host"),
        Bad("puppetDBSDConfigs", "{url: 'https://a'}", "query: is required"),
        Bad(
            "ovhcloudSDConfigs", "{applicationKey: a, applicationSecret: {name: s, key: token}, service: VPS}",
            "consumerKey: is required"),
        Bad("ionosSDConfigs", "{datacenterID: d}", "authorization: is required, unless there is oauth2"),
    ]

    @Test(arguments: bad) func `what Prometheus would refuse is refused, with its place`(_ bad: Bad) throws {
        let problem = try #require(MonitorFixture.discovery(bad.kind, bad.entry).problem)
        #expect(problem.hasPrefix("spec.\(bad.kind)[0].\(bad.message)"), "\(problem)")
    }

    @Test func `what is of another type is told so, in every kind`() throws {
        for kind in ServiceDiscovery.all {
            for value in ["5", "text", "{}", "[5]", "[text]", "[[]]"] {
                let problem = MonitorFixture.scrapeConfig.withSpec("\(kind.field): \(value)").problem
                #expect(problem?.hasPrefix("spec.\(kind.field)") == true, "\(kind.field): \(value): \(problem ?? "")")
            }
            #expect(MonitorFixture.scrapeConfig.withSpec("\(kind.field): []").problem == nil)
            // Any value in any field is written or refused, and nothing worse.
            for row in kind.fields {
                for value in ["-1", "9223372036854775807", "1.5", "''", "\"\\0\"", "{}", "[]", "[{}]", "true", "null"] {
                    _ = MonitorFixture.discovery(kind.field, "{\(row.name): \(value)}").problem
                }
            }
        }
    }

    @Test func `a pod's own API server is reached in its own way`() {
        func problems(_ entry: JSON) -> [String] {
            DiscoveryChecks(version: .init(3, 5)).problems(["kubernetes_sd_configs": [entry]]).map(\.description)
        }
        #expect(problems(["role": "pod", "follow_redirects": true]) == [])
        #expect(problems(["role": "pod", "api_server": "https://a", "tls_config": ["ca_file": "/ca"]]) == [])
        #expect(
            problems(["role": "pod", "tls_config": ["ca_file": "/ca"]]) == [
                "kubernetes_sd_configs[0].tls_config: needs api_server: the pod's own has its own way of being reached"
            ])
        #expect(problems(["role": "pod", "enable_http2": false]).count == 1)
    }

    @Test func `label selectors are read as Kubernetes reads them`() throws {
        for text in ["a", "!a", "a=b", "a==b", "a!=b", "a in (b,c)", "x.io/a notin (b)", "a=", "a>5", "a, b=c ,!d", ""]
        {
            try SelectorText.checkLabels(text, at: FieldPath())
        }
        for text in ["a b", "=a", "a in b", "a in (b", "a=b c", "-a", "a=$", "a>b", "A.io/B/c", "a,,b", "!"] {
            #expect(throws: FieldError.self, "\(text)") { try SelectorText.checkLabels(text, at: FieldPath()) }
        }
    }

    @Test func `legacy names need their escaping beside them where Prometheus asks for it`() {
        func problems(_ version: PrometheusVersion, _ escaping: JSON?) -> Int {
            var config: JSON.Members = ["metric_name_validation_scheme": "legacy"]
            config["metric_name_escaping_scheme"] = escaping
            return DiscoveryChecks(version: version).problems(config).count
        }
        #expect(problems(.init(3, 5), nil) == 1)
        #expect(problems(.init(3, 5), "underscores") == 0)
        #expect(problems(.init(3, 0), nil) == 0)
        #expect(problems(.init(3, 8), nil) == 0)
    }
}
