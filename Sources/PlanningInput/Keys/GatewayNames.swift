/// The names, ports, paths and headers of a global view's gateway and of what stands behind it.
package enum GatewayNames {
    package static let component = "gateway"
    package static let program = "nginx"
    /// The port for plain HTTP.
    package static let httpPort = 8080
    /// The port for HTTPS.
    package static let httpsPort = 8443
    /// The port for probes, which nobody can write or read through.
    package static let statusPort = 8081

    /// The port of metrics and probes of the process that reads client certificates.
    package static let identityMetricsPort = 8082
    /// The port at which it answers nginx, on loopback.
    package static let identityPort = 8083
    package static let identity = "identity"

    /// The path that tenants write to, behind the prefix of the Ingress.
    package static let writePath = "/tenants/write"
    /// The path of the query API, behind the prefix of the Ingress: `/api/v1/query` follows.
    package static let readPath = "/tenants/read"
    /// The header by which the gateway tells the shared read proxy whose series to show. The gateway strips it from
    /// callers.
    package static let readHeader = "X-Tributary-Tenants"

    /// The name of the gateway's Deployment, Service, Ingress and PodDisruptionBudget.
    package static func name(of view: String) -> String { "\(view)-gateway" }
    /// The name of a tenant's own read proxy.
    package static func readProxy(ofTenant tenant: String) -> String { "\(tenant)-read" }
    /// The name of the read proxy that all tenants share.
    package static func readProxy(of view: String) -> String { "\(view)-read-proxy" }
    /// The name of the relay that forces the label of tenants on what they write to a central Prometheus.
    package static func relay(of view: String) -> String { "\(view)-relay" }
    package static let relayComponent = "relay"
    package static let relayProgram = "tributary-relay"
    /// The port of a relay for writes.
    package static let relayPort = 8080
    /// The port of a relay for metrics and probes.
    package static let relayMetricsPort = 8081
    /// The path of a relay for writes.
    package static let relayPath = "/write"
    /// The header by which the gateway tells the relay whose write it is. The gateway strips it from callers.
    package static let relayHeader = "X-Tributary-Tenant"
}

/// What a credential permits: a credential for writing cannot read.
public enum CredentialPurpose: String, Sendable, Hashable, CaseIterable {
    case write, read

    /// The name of the Secret that Tributary creates for a tenant.
    package func secretName(of tenant: String) -> String { "\(tenant)-\(rawValue)-credential" }
    /// The key of the credential in that Secret.
    package static let key = "token"
    /// The key of the former credential in that Secret.
    package static let formerKey = "former-token"
    /// The keys of the name and the password for basic authentication in that Secret.
    package static let (userKey, passwordKey) = ("username", "password")
}
