import PlanningInput
import TributaryAPI

/// The configuration of a view's gateway, as files for nginx and the script that runs it.
///
/// Bad input of one tenant leaves out what it concerns, and is reported; every other tenant is served.
struct GatewayConfiguration {
    /// Where requests go.
    var routes: GatewayRoutes
    /// The tenants, in any order.
    var tenants: [GatewayTenant]
    /// The prefix of all paths, such as `/metrics`; empty or `/` for none.
    var prefix = ""
    /// Whether the gateway serves HTTPS.
    var servesTLS = false
    /// Client certificates as proof of identity.
    var clientCertificates: ClientCertificates?
    /// A service that decides who a caller is.
    var service: AuthenticatingService?
    /// The view's limits.
    var limits = GatewayLimits()
    /// The number of parts that the tenants are in now; nil if there are none yet.
    var partsNow: Int?
    /// The ports that nginx listens on.
    var ports = GatewayPorts()
    /// The number of worker processes. The number of a node's cores would be far too many for a pod.
    var workers = 2
    /// The file with the authorities that servers behind the gateway are checked with, if they serve HTTPS.
    var trustedAuthorities = GatewayScript.systemAuthorities
    /// Whether there is a certificate to show to those servers, with the authorities that have signed theirs: files that the
    /// script makes.
    var hasServerCertificate = false
    /// The header Authorization of reads, which servers behind the read proxies want; nil for none.
    var readAuthorization: String?
    /// The least severe messages of nginx that are logged. From `error` down, they have the path and the query of
    /// requests.
    var logLevel = "crit"

    /// The files.
    func files() -> GatewayFiles {
        var problems: [GatewayProblem] = []
        let addresses = GatewayAddresses(self, &problems)
        let classes = GatewayClasses(tenants, defaults: limits, &problems)
        let entries = GatewayEntries(self, addresses, classes, &problems)
        guard let layout = GatewayLayout(entries, now: partsNow) else {
            problems.append(
                GatewayProblem(
                    reason: "TooManyTenants",
                    message: "the credentials of \(tenants.count) tenants do not fit into "
                        + "\(GatewayLayout.steps.last ?? 0) Secrets of \(GatewayLayout.mostBytes) bytes"))
            return GatewayFiles(parts: [], problems: problems)
        }
        let server = GatewayServer(
            configuration: self, addresses: addresses, classes: classes, entries: entries, parts: layout.parts.count)
        let main: [GatewayFile] = [
            GatewayFile(name: "nginx.conf", text: server.main),
            GatewayFile(name: "locations.conf", text: server.locations),
            GatewayFile(name: "upstreams", text: addresses.list),
            GatewayFile(name: "listeners", text: server.listeners),
        ]
        return GatewayFiles(parts: [main] + layout.parts, problems: problems)
    }

    /// The prefix without a slash at its end.
    var plainPrefix: String {
        var plain = Substring(prefix)
        while plain.hasSuffix("/") { plain.removeLast() }
        return String(plain)
    }
}

/// The ports of a gateway.
struct GatewayPorts {
    /// The port for requests, with TLS or without.
    var front: Int?
    /// The port for probes.
    var status = GatewayNames.statusPort
    /// The port on loopback of the process that reads client certificates.
    var identity = GatewayNames.identityPort
}
