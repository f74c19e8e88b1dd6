import Crypto
import Kube

/// What nginx looks up: for each credential, whose it is and what it permits.
///
/// The keys of nginx's maps are compared without regard to case. So an entry has the exact text beside each key, and
/// nginx compares that with what was presented. Texts that differ only in case share an entry with a part for each:
/// ` |exact id flags class details|exact id …|`.
struct GatewayEntries {
    /// What nginx has to know of the few tenants that differ from others in more than limits.
    struct Details {
        var place: UInt64
        /// The tenants whose series can be read, the tenant itself first.
        var ids: [String]
        /// Where reads go; nil for the view's address.
        var read: String?

        /// The key in nginx.
        var handle: String { String(SHA256.hexadecimal(ids[0]).prefix(24)) }
    }

    /// The entries of the map of credentials.
    private(set) var lines: GatewayLines
    private(set) var details: [Details] = []
    /// The number of tenants that are served.
    let tenants: Int

    /// The most bytes of a text in nginx's configuration, which are 4096 with its quotes.
    static let mostBytes = 3900

    init(
        _ configuration: GatewayConfiguration, _ addresses: GatewayAddresses, _ classes: GatewayClasses,
        _ problems: inout [GatewayProblem]
    ) {
        let served = GatewayAdmission(configuration.tenants, &problems)
        tenants = served.tenants.count
        lines = GatewayLines(tenants: tenants)
        let namesURIs = configuration.clientCertificates?.namesURIs ?? false
        let namesIDs = configuration.clientCertificates.map { !$0.namesURIs } ?? false || configuration.service != nil
        let hasWrite = addresses.write != nil
        for (index, tenant) in served.tenants.enumerated() {
            let place = fnv1a(tenant.id)
            var hasRead = addresses.read != nil
            var handle = "-"
            if !tenant.isUsual {
                let read = addresses.read(of: tenant)
                hasRead = read != nil
                let others = tenant.alsoSees.filter { GatewaySyntax.isID($0) && $0 != tenant.id }
                let own = Details(
                    place: place, ids: [tenant.id] + others, read: read == addresses.read ? nil : read?.url)
                if !others.isEmpty || own.read != nil {
                    details.append(own)
                    handle = own.handle
                }
            }
            let state = (tenant.refusesWrites ? "o" : "") + (hasWrite ? "" : "W") + (hasRead ? "" : "R")
            let end = "\(state) \(classes.of(tenant).name) \(handle)|"

            func add(_ kind: StaticString, _ exact: String, _ flags: [UInt8]) {
                let similar = lines.add(kind, exact, id: tenant.id, flags, tenant: index, place: place)
                guard let similar else { return }
                problems.append(
                    GatewayProblem(
                        tenants: [served.tenants[similar].id, tenant.id].sorted(), reason: "SimilarCredentials",
                        message: "a credential or id is left out: too many others differ from it only in upper and "
                            + "lower case"))
            }
            for (token, flags) in served.tokens(of: tenant) {
                let properties = Array("\(flags)\(end)".utf8)
                add("b:", token, properties)
                for user in tenant.user == tenant.id ? [tenant.id] : [tenant.user, tenant.id]
                where GatewaySyntax.isUser(user) {
                    add("u:", Base64.encode(Array("\(user):\(token)".utf8)), properties)
                }
            }
            if namesIDs { add("i:", tenant.id, Array("i\(end)".utf8)) }
            guard namesURIs else { continue }
            for uri in served.uris(of: tenant) { add("c:", uri, Array("i\(end)".utf8)) }
        }
    }
}

extension GatewayTenant {
    /// Whether reads go where those of most tenants go.
    fileprivate var isUsual: Bool { readURL == nil && alsoSees.isEmpty }
}
