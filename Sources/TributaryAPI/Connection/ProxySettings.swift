import Kube

/// How a server is reached through an HTTP proxy; the fields stand beside those of what is reached.
public protocol ProxySettings: Sendable {
    /// The proxy.
    var proxyUrl: String? { get }
    /// What is reached without the proxy, divided by commas.
    var noProxy: String? { get }
    /// Whether the proxy comes from the environment.
    var proxyFromEnvironment: Bool? { get }
    /// Headers for the proxy itself, with their values.
    var proxyConnectHeader: [String: [KeySelector]]? { get }
}

/// What proxy settings keep to, as Prometheus checks them.
enum ProxyRules<Value: ProxySettings> {
    static var all: [CheckedRule<Value>] {
        [
            CheckedRule(
                """
                !has(self.proxyFromEnvironment) || !self.proxyFromEnvironment || \
                !(has(self.proxyUrl) || has(self.noProxy))
                """, "cannot be true beside \"proxyUrl\" or \"noProxy\"", at: "proxyFromEnvironment"
            ) { $0.proxyFromEnvironment != true || ($0.proxyUrl == nil && $0.noProxy == nil) },
            CheckedRule(
                """
                has(self.proxyUrl) || !has(self.noProxy) || \
                (has(self.proxyFromEnvironment) && self.proxyFromEnvironment)
                """, "needs \"proxyUrl\"", at: "noProxy"
            ) { $0.proxyUrl != nil || $0.noProxy == nil || $0.proxyFromEnvironment == true },
            CheckedRule(
                """
                !has(self.proxyConnectHeader) || has(self.proxyUrl) || \
                (has(self.proxyFromEnvironment) && self.proxyFromEnvironment)
                """, "needs a proxy: \"proxyUrl\" or \"proxyFromEnvironment\"", at: "proxyConnectHeader"
            ) { $0.proxyConnectHeader == nil || $0.proxyUrl != nil || $0.proxyFromEnvironment == true },
        ]
    }
}

/// The schemas of the fields, by their names.
func proxySchemas(_ what: String) -> Schema.Properties {
    let values = Schema.list(
        of: KeySelector.schema("The Secret with a value."), max: 16, "The Secrets with the header's values.")
    return [
        "proxyUrl": .text(
            "The proxy through which \(what) is reached. Defaults to none.", max: 2048,
            pattern: #"^(https?|socks5)://[^\s/]+\S*$"#),
        "noProxy": .text(
            "Hosts, addresses and networks that are reached without the proxy, divided by commas. Prometheus 2.43.",
            max: 4096),
        "proxyFromEnvironment": .boolean(
            "Whether the container's environment names the proxy. Defaults to false. Prometheus 2.43."),
        "proxyConnectHeader": .map(
            of: values, description: "Headers for the proxy itself, when connecting through it. Prometheus 2.43."
        ).with {
            $0.maxProperties = 16
            $0.mapType = .atomic
        },
    ]
}
