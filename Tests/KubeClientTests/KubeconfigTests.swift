import Kube
@testable import KubeClient
import TestSupport
import Testing

@Suite("Kubeconfigs") struct KubeconfigTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func load(
        _ text: String, context: String? = nil, environment: [String: String] = [:]
    ) throws -> ClusterConfiguration {
        let path = try directory.write("config", text)
        return try ClusterConfiguration.load(kubeconfig: path, context: context, environment: environment)
    }

    /// A kubeconfig with one context and the given cluster and user.
    private func config(cluster: String = "", user: String = "{}") -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: c
        contexts: [{name: c, context: {cluster: k, user: u, namespace: team-a}}]
        clusters:
        - name: k
          cluster: {server: "https://10.0.0.1:6443", \(cluster)}
        users:
        - name: u
          user: \(user)
        """
    }

    @Test func `The current context provides the configuration`() throws {
        defer { directory.remove() }
        let cluster = try load(
            config(
                cluster: "certificate-authority-data: QUJD, tls-server-name: k8s, disable-compression: true",
                user: "{client-certificate-data: REVG, client-key: keys/a.key, token: s3cret, as: bob, as-groups: [x]}")
        )
        #expect(cluster.server.description == "https://10.0.0.1:6443")
        #expect(cluster.namespace == "team-a" && cluster.context == "c")
        #expect(cluster.authorities == .data(Redacted(Array("ABC".utf8))))
        #expect(cluster.clientCertificate == .data(Redacted(Array("DEF".utf8))))
        #expect(cluster.clientKey == .file(directory.path("keys/a.key")))
        #expect(cluster.authentication == .token(Redacted("s3cret")))
        #expect(cluster.tlsServerName == "k8s" && cluster.disablesCompression && !cluster.skipsTLSVerification)
        #expect(cluster.impersonation?.user == "bob" && cluster.impersonation?.groups == ["x"])
    }

    @Test func `Secrets are never printed`() throws {
        defer { directory.remove() }
        let cluster = try load(
            config(
                cluster: "proxy-url: \"http://me:pa55word@proxy:3128\"",
                user: "{username: u, password: pa55word, client-key-data: cGE1NXdvcmQ=, client-certificate-data: QQ==}")
        )
        var text = "\(cluster) \(String(reflecting: cluster))"
        dump(cluster, to: &text)
        #expect(!text.contains("pa55word") && text.contains("<redacted>"))
        #expect(!text.contains("112, 97"))
    }

    @Test(arguments: [
        ("{token: t, tokenFile: f, username: u, password: p}", "basic"), ("{token: t, tokenFile: f}", "token"),
        ("{tokenFile: f, exec: {command: x, apiVersion: client.authentication.k8s.io/v1}}", "tokenFile"),
        ("{exec: {command: x, apiVersion: client.authentication.k8s.io/v1beta1}}", "exec"), ("{}", "none"),
    ])
    func `The first of several authentication methods applies`(user: String, way: String) throws {
        defer { directory.remove() }
        let cluster = try load(config(user: user))
        let found =
            switch cluster.authentication {
            case .none: "none"
            case .basic: "basic"
            case .token: "token"
            case .tokenFile(let path): path == directory.path("f") ? "tokenFile" : path
            case .exec: "exec"
            }
        #expect(found == way)
    }

    @Test func `The first of several files takes precedence, and paths are relative to their file`() throws {
        defer { directory.remove() }
        let first = try directory.write(
            "one/config",
            """
            clusters: [{name: k, cluster: {server: "https://first", certificate-authority: ca.crt}}]
            contexts: [{name: a, context: {cluster: k, user: u}}]
            """)
        let second = try directory.write(
            "two/config",
            """
            current-context: b
            clusters: [{name: k, cluster: {server: "https://second"}}]
            contexts: [{name: b, context: {cluster: k, user: u}}]
            users: [{name: u, user: {tokenFile: token, exec: null}}]
            """)
        let list = ":\(directory.path("missing")):\(first):\(second)"
        let environment = ["KUBECONFIG": list, "KUBERNETES_SERVICE_HOST": "10.0.0.9"]
        let cluster = try ClusterConfiguration.load(environment: environment)
        #expect(cluster.context == "b" && cluster.server.description == "https://first")
        #expect(cluster.authorities == .file(directory.path("one/ca.crt")))
        #expect(cluster.authentication == .tokenFile(directory.path("two/token")))
        #expect(try ClusterConfiguration.load(context: "a", environment: environment).context == "a")
    }

    @Test(arguments: [
        ("contexts: [", "config:2:1: not valid YAML", ""), ("[]", "config:1:1: the object: found a list", ""),
        ("kind: Pod", "found kind \"Pod\", expected Config", ""),
        ("clusters: {}", "config:1:1: clusters: found an object, expected a list", ""),
        ("users: [{user: {}}]", "users[0]: has no name", ""),
        ("contexts: [{name: c, context: {}}]", "current-context: is not set, expected one of \"c\"", ""),
        ("current-context: x", "found no context \"x\"; contexts is empty", ""),
        ("a: b\n---\nc: d", "found 2 YAML documents, expected one", ""),
    ])
    func `An invalid file is reported with its line and field`(text: String, start: String, end: String) throws {
        defer { directory.remove() }
        let error = #expect(throws: KubeClientError.self) { try load(text) }
        #expect(message(error).contains(start) && message(error).contains(end), "\(message(error))")
        #expect(message(error).hasPrefix("kubeconfig \(directory.path("config"))"))
        #expect(error?.code == .configuration && !message(error).contains("\n"))
    }

    @Test(arguments: [
        ("", "{client-certificate-data: QQ==}", "found client-certificate without client-key, expected both"),
        ("", "{client-key: a}", "found client-key without client-certificate"),
        ("", "{token: 12345}", "users[0].user.token: found an integer, expected a string"),
        ("", "{client-key-data: \"s3cr?t\"}", "client-key-data: found 6 characters that are not valid base64"),
        ("", "{auth-provider: {name: gcp}}", "found auth provider \"gcp\""),
        ("", "{exec: {apiVersion: client.authentication.k8s.io/v1}}", "users[0].user.exec: has no command"),
        ("", "{exec: {command: x, apiVersion: client.authentication.k8s.io/v1alpha1}}", "v1alpha1\", expected client"),
        (
            "", "{exec: {command: x, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Always}}",
            "interactiveMode: found \"Always\""
        ),
        ("", "{as-groups: [a]}", "without as"),
        ("insecure-skip-tls-verify: true, certificate-authority: a", "{}", "expected at most one of them"),
        ("insecure-skip-tls-verify: \"yes\"", "{}", "found a string, expected true or false"),
        ("proxy-url: \"ftp://x\"", "{}", "proxy-url: found scheme \"ftp\", expected http, https or socks5"),
        ("server: \"ftp://x\"", "{}", "is given twice"),
    ])
    func `An invalid field is reported`(cluster: String, user: String, problem: String) throws {
        defer { directory.remove() }
        let error = #expect(throws: KubeClientError.self) { try load(config(cluster: cluster, user: user)) }
        #expect(message(error).contains(problem), "\(message(error))")
        #expect(!message(error).contains("s3cr") && !message(error).contains("12345"))
    }

    @Test func `A missing file, a folder and a file that is too large are reported`() throws {
        defer { directory.remove() }
        let missing = directory.path("missing")
        let error = #expect(throws: KubeClientError.self) { try ClusterConfiguration.load(kubeconfig: missing) }
        #expect(message(error) == "kubeconfig \(missing): cannot be read: no such file or directory")
        let folder = #expect(throws: KubeClientError.self) { try ClusterConfiguration.load(kubeconfig: directory.root) }
        #expect(message(folder) == "kubeconfig \(directory.root): found a directory, expected a file")
        let endless = #expect(throws: KubeClientError.self) { try ClusterConfiguration.load(kubeconfig: "/dev/zero") }
        #expect(message(endless).contains("is longer than"))
        let none = #expect(throws: KubeClientError.self) {
            try ClusterConfiguration.load(environment: ["HOME": directory.root])
        }
        #expect(message(none).contains("not found") && message(none).contains("\(directory.root)/.kube/config"))
    }

    @Test func `The kubeconfig in the home directory comes last`() throws {
        defer { directory.remove() }
        try directory.write(".kube/config", config())
        let cluster = try ClusterConfiguration.load(environment: ["HOME": directory.root])
        #expect(cluster.context == "c")
    }

    @Test func `A pod uses its service account`() throws {
        defer { directory.remove() }
        let environment = ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"]
        let error = #expect(throws: KubeClientError.self) {
            try ClusterConfiguration.inCluster(environment: environment, directory: directory.root)
        }
        #expect(message(error).contains("service account token \(directory.path("token")): cannot be read"))
        for (name, text) in [("token", "t"), ("ca.crt", "CA"), ("namespace", "tributary-system\n")] {
            try directory.write(name, text)
        }
        let cluster = try ClusterConfiguration.inCluster(environment: environment, directory: directory.root)
        #expect(cluster.server.description == "https://[fd00::1]" && cluster.server.port == 443)
        #expect(cluster.namespace == "tributary-system")
        #expect(cluster.authentication == .tokenFile(directory.path("token")))
        #expect(cluster.authorities == .file(directory.path("ca.crt")))
    }

    @Test func `The proxy of the environment applies unless the kubeconfig has one or the server is local`() throws {
        defer { directory.remove() }
        let environment = ["HTTPS_PROXY": "http://env:1", "http_proxy": "socks5://env:2", "NO_PROXY": ".svc"]
        #expect(try load(config(), environment: environment).proxy?.value == "http://env:1")
        #expect(try load(config(), environment: environment).noProxy == ".svc")
        let own = try load(config(cluster: "proxy-url: \"socks5://own:3\""), environment: environment)
        #expect(own.proxy?.value == "socks5h://own:3" && own.noProxy == nil)
        let here = config().replacing("https://10.0.0.1:6443", with: "http://127.0.0.1:6443")
        #expect(try load(here, environment: environment).proxy == nil)
        let plain = config().replacing("https://10.0.0.1:6443", with: "http://10.0.0.1")
        #expect(try load(plain, environment: environment).proxy?.value == "socks5h://env:2")
    }
}
