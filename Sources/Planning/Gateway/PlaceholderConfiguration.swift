import TributaryAPI

/// The files of a gateway: nginx's configuration, and the script that loads it.
struct GatewayConfiguration {
    /// The files by name: `nginx.conf`, `upstreams`, `gateway.sh`, and the tenants in `tenants-00.conf`, `tenants-01.conf`
    /// and so on.
    private(set) var files: [(name: String, text: String)] = []

    /// The files for the tenants of a view.
    init(_ view: GlobalView, _ routes: GatewayRoutes, _ tenants: [GatewayTenant]) {
        files.append(("nginx.conf", "# \(view.metadata.name)\ninclude tenants-*.conf;\n"))
        files.append(("upstreams", "\(routes.writeURL ?? "")\n\(routes.readURL ?? "")\n"))
        files.append(("gateway.sh", "exec nginx -c /etc/tributary/gateway/nginx.conf -g 'daemon off;'\n"))
        var (text, part) = ("", 0)
        for tenant in tenants {
            let tokens = (tenant.writeTokens + tenant.readTokens).joined(separator: " ")
            let line = "# \(tenant.user) \(tenant.id) \(tokens) \(tenant.limits) \(tenant.alsoSees)\n"
            if text.utf8.count + line.utf8.count > GatewaySecrets.largestFile {
                files.append((Self.name(ofPart: part), text))
                (text, part) = ("", part + 1)
            }
            text += line
        }
        files.append((Self.name(ofPart: part), text))
    }

    private static func name(ofPart part: Int) -> String { "tenants-\(part < 10 ? "0" : "")\(part).conf" }
}
