import Kube
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Bad ScrapeConfigs")
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
        Bad(
            "staticConfigs", "{targets: ['http://a/']}",
            "targets[0]: \"http://a/\" should be an address, such as host:port"),
        Bad("staticConfigs", "{targets: a}", "targets: should be a list, not a string"),
        Bad("fileSDConfigs", "{files: []}", "files: is required"),
        Bad("fileSDConfigs", "{files: [/a/*/b.json]}", "files[0]: \"/a/*/b.json\" should end with"),
        Bad("fileSDConfigs", "{files: [/etc/passwd]}", "files[0]: \"/etc/passwd\" should end with"),
        Bad("httpSDConfigs", "{url: 'file:///etc/passwd'}", "url: \"file:///etc/passwd\" should be http://host"),
        Bad(
            "httpSDConfigs", "{url: 'http://a', refreshInterval: soon}",
            "refreshInterval: \"soon\" is not a valid duration"),
        Bad(
            "httpSDConfigs", "{url: 'http://a', basicAuth: {username: {name: s, key: user}}}",
            "basicAuth.password: is required"),
        Bad(
            "httpSDConfigs", "{url: 'http://a', authorization: {credentials: {name: other, key: a}}}",
            "authorization.credentials: there is no Secret shop/other"),
        Bad(
            "httpSDConfigs",
            "{url: 'http://a', authorization: {credentials: {name: s, key: token}}, basicAuth: {username: {name: s, key: user}, password: {name: s, key: password}}}",
            "basicAuth: cannot be set together with authorization"),
        Bad("kubernetesSDConfigs", "{role: Secrets}", "role: \"Secrets\" should be one of"),
        Bad("kubernetesSDConfigs", "{}", "role: is required"),
        Bad(
            "kubernetesSDConfigs", "{role: Pod, apiServer: 'https://a', namespaces: {ownNamespace: true}}",
            "namespaces.ownNamespace: cannot be true together with apiServer"),
        Bad(
            "kubernetesSDConfigs", "{role: Pod, selectors: [{role: Node, label: a}]}",
            "selectors[0].role: node should be one of pod, for role pod"),
        Bad(
            "kubernetesSDConfigs", "{role: Pod, selectors: [{role: Pod, label: a}, {role: Pod, label: b}]}",
            "selectors[1].role: pod occurs twice"),
        Bad(
            "kubernetesSDConfigs", "{role: Pod, selectors: [{role: Pod, label: 'a in b'}]}",
            "selectors[0].label: \"a in b\" is not a valid label selector"),
        Bad(
            "kubernetesSDConfigs", "{role: Pod, selectors: [{role: Pod, field: nodeName}]}",
            "selectors[0].field: \"nodeName\" is not a valid field selector"),
        Bad("consulSDConfigs", "{server: ''}", "server: is required"),
        Bad("dnsSDConfigs", "{names: [a], type: A}", "port: is required for records of type A"),
        Bad("dnsSDConfigs", "{names: [a], type: TXT, port: 1}", "type: \"TXT\" should be one of"),
        Bad("dnsSDConfigs", "{names: [a], port: 65536}", "port: 65536 should be at most 65535"),
        Bad("ec2SDConfigs", "{accessKey: {name: s, key: user}}", "accessKey: needs secretKey"),
        Bad("azureSDConfigs", "{subscriptionID: s}", "tenantID: is required by authenticationMethod OAuth"),
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
        Bad("ionosSDConfigs", "{datacenterID: d}", "authorization: is required unless oauth2 is set"),
    ]

    @Test(arguments: bad) func `A bad ScrapeConfig is refused with a message that names the field`(_ bad: Bad) throws {
        let problem = try #require(MonitorFixture.discovery(bad.kind, bad.entry).problem)
        #expect(problem.hasPrefix("spec.\(bad.kind)[0].\(bad.message)"), "\(problem)")
    }

    @Test func `A value of another type is refused in every kind of discovery`() throws {
        for kind in ServiceDiscovery.all {
            for value in ["5", "text", "{}", "[5]", "[text]", "[[]]"] {
                let problem = MonitorFixture.scrapeConfig.withSpec("\(kind.field): \(value)").problem
                #expect(problem?.hasPrefix("spec.\(kind.field)") == true, "\(kind.field): \(value): \(problem ?? "")")
            }
            #expect(MonitorFixture.scrapeConfig.withSpec("\(kind.field): []").problem == nil)
            // Any value in any field is written or refused, and does not trap.
            for row in kind.fields {
                for value in ["-1", "9223372036854775807", "1.5", "''", "\"\\0\"", "{}", "[]", "[{}]", "true", "null"] {
                    _ = MonitorFixture.discovery(kind.field, "{\(row.name): \(value)}").problem
                }
            }
        }
    }

    @Test func `Label selectors have the syntax of Kubernetes`() throws {
        for text in ["a", "!a", "a=b", "a==b", "a!=b", "a in (b,c)", "x.io/a notin (b)", "a=", "a>5", "a, b=c ,!d", ""]
        {
            try SelectorText.checkLabels(text, at: FieldPath())
        }
        for text in ["a b", "=a", "a in b", "a in (b", "a=b c", "-a", "a=$", "a>b", "A.io/B/c", "a,,b", "!"] {
            #expect(throws: FieldError.self, "\(text)") { try SelectorText.checkLabels(text, at: FieldPath()) }
        }
    }
}
