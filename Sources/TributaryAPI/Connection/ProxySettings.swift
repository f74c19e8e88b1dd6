import Kube

/// The proxy in front of a server. The fields are inlined into the settings of the server, as in prometheus-operator.
public protocol ProxySettings: Sendable {
    /// The proxy.
    var proxyUrl: String? { get }
    /// Comma-separated hosts, addresses and networks to connect to without the proxy.
    var noProxy: String? { get }
    /// Whether to take the proxy from the environment of the container.
    var proxyFromEnvironment: Bool? { get }
    /// Headers to send to the proxy in CONNECT requests, each with its values.
    var proxyConnectHeader: [String: [KeySelector]]? { get }
}

/// The rules for proxy settings, as Prometheus checks them (`ProxyConfig.Validate` of its common library).
enum ProxyRules<Value: ProxySettings> {
    static var all: [CheckedRule<Value>] {
        [
            CheckedRule(
                """
                !has(self.proxyFromEnvironment) || !self.proxyFromEnvironment || \
                !(has(self.proxyUrl) || has(self.noProxy))
                """, "should not be true if \"proxyUrl\" or \"noProxy\" is set", at: "proxyFromEnvironment"
            ) { $0.proxyFromEnvironment != true || ($0.proxyUrl == nil && $0.noProxy == nil) },
            CheckedRule(
                """
                has(self.proxyUrl) || !has(self.noProxy) || \
                (has(self.proxyFromEnvironment) && self.proxyFromEnvironment)
                """, "requires \"proxyUrl\"", at: "noProxy"
            ) { $0.proxyUrl != nil || $0.noProxy == nil || $0.proxyFromEnvironment == true },
            CheckedRule(
                """
                !has(self.proxyConnectHeader) || has(self.proxyUrl) || \
                (has(self.proxyFromEnvironment) && self.proxyFromEnvironment)
                """, "requires a proxy: \"proxyUrl\" or \"proxyFromEnvironment\"", at: "proxyConnectHeader"
            ) { $0.proxyConnectHeader == nil || $0.proxyUrl != nil || $0.proxyFromEnvironment == true },
        ]
    }
}

/// The schemas of the fields of ``ProxySettings``, for a server that `what` describes.
func proxySchemas(_ what: String) -> Schema.Properties {
    let values = Schema.list(
        of: KeySelector.schema("The Secret key with one value of the header."), max: 16,
        "The Secret keys with the values of the header.")
    return [
        "proxyUrl": .text(
            "The URL of the proxy through which to connect to \(what). Defaults to no proxy.", max: 2048,
            pattern: #"^(https?|socks5)://[^\s/]+\S*$"#),
        "noProxy": .text(
            """
            Comma-separated hosts, addresses and networks to connect to without the proxy. Requires \
            Prometheus >= 2.43.
            """,
            max: 4096),
        "proxyFromEnvironment": .boolean(
            """
            Whether to take the proxy from the environment of the container. Defaults to false. Requires \
            Prometheus >= 2.43.
            """),
        "proxyConnectHeader": .map(
            of: values, description: "Headers to send to the proxy in CONNECT requests. Requires Prometheus >= 2.43."
        ).with {
            $0.maxProperties = 16
            $0.mapType = .atomic
        },
    ]
}
