import Kube

/// Host names to resolve without DNS: `core/v1` HostAlias.
public struct HostAlias: Sendable, Hashable, Codable {
    /// The IP address.
    public var ip: String
    /// The host names of the address.
    public var hostnames: [String]

    static let schema = Schema.object(
        [
            "ip": .text("The IP address.", max: 64),
            "hostnames": .set(of: .text("A host name."), max: 64, "The host names of the address."),
        ], required: ["ip", "hostnames"])
}
