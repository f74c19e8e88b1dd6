import Crypto
import TributaryAPI

/// One file of a gateway's configuration.
struct GatewayFile: Hashable {
    var name: String
    var text: String
}

/// Something that a gateway's configuration leaves out.
struct GatewayProblem: Hashable {
    /// The ids of the tenants that it concerns; empty if it concerns the view.
    var tenants: [String] = []
    /// The field that should change; nil if no single field is wrong.
    var field: String?
    /// The reason in CamelCase, for programs.
    var reason: String
    /// What was found and what would be right, in lower case. It has no part of a credential.
    var message: String
}

/// The files of a gateway's configuration.
struct GatewayFiles {
    /// The files of each Secret: first those of the gateway itself, then those of each part of the tenants. Empty if the
    /// tenants do not fit.
    private(set) var parts: [[GatewayFile]]
    /// What was left out, and why.
    var problems: [GatewayProblem] = []
    /// The SHA-256 of all files.
    var hash: String {
        SHA256.hexadecimal(parts.joined().map { "\($0.name) \(SHA256.hexadecimal($0.text))\n" }.joined())
    }
}

/// Where the script of a gateway finds its files.
enum GatewayScript {
    static let folder = "/etc/tributary/gateway"
    static let tlsFolder = "/etc/tributary/tls"
    static let authoritiesFolder = "/etc/tributary/client-ca"
    static let text = "exec nginx -c /etc/tributary/gateway/nginx.conf -g 'daemon off;'\n"
}

/// The configuration of a view's gateway, as files for nginx and the script that runs it.
struct GatewayConfiguration {
    var routes: GatewayRoutes
    var tenants: [GatewayTenant]
    var prefix = ""
    var servesTLS = false
    var clientCertificates: ClientCertificates?
    var service: AuthenticatingService?
    var limits = GatewayLimits()
    /// The number of parts that the tenants are in now; nil if there are none yet.
    var partsNow: Int?

    /// The files.
    func files() -> GatewayFiles {
        let common = [
            GatewayFile(name: "nginx.conf", text: "include tenants-*.conf;\n"),
            GatewayFile(name: "upstreams", text: "\(routes.writeURL ?? "")\n\(routes.readURL ?? "")\n"),
            GatewayFile(name: "gateway.sh", text: GatewayScript.text),
        ]
        let lines = tenants.map { tenant in
            let tokens = (tenant.writeTokens + tenant.readTokens).joined(separator: " ")
            return "\(tenant.user) \(tenant.id) \(tokens) \(tenant.limits) \(tenant.alsoSees)\n"
        }
        let bytes = lines.reduce(0) { $0 + $1.utf8.count }
        guard let count = [1, 8, 64].first(where: { bytes / $0 <= 800 << 10 }) else { return GatewayFiles(parts: []) }
        var texts = [String](repeating: "", count: count)
        for (index, line) in lines.enumerated() { texts[index % count] += line }
        return GatewayFiles(
            parts: [common]
                + texts.enumerated().map { [GatewayFile(name: "tenants-\(count)-\($0).conf", text: $1)] })
    }
}
