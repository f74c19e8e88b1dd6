import Crypto
import Kube

/// What nginx looks up: for each credential, whose it is and what it permits.
///
/// The keys of nginx's maps are compared without regard to case. So an entry has the exact text beside each key, and
/// nginx compares that with what was presented. Texts that differ only in case share an entry with a part for each:
/// ` |exact id flags class details|exact id …|`.
struct GatewayEntries {
    /// An entry of the map of credentials.
    struct Entry {
        var key: String
        /// The parts with exact texts, each with a bar at its end.
        var value: String
        /// The id of the first tenant.
        var id: String
        /// The hash of that id, which decides the part of the configuration.
        var place: UInt64
    }

    /// What nginx has to know of the few tenants that differ from others in more than limits.
    struct Details {
        var place: UInt64
        /// The key in nginx.
        var handle: String
        /// The tenants whose series can be read, the tenant itself first.
        var ids: [String]
        /// Where writes and reads go; nil for the view's addresses.
        var write: String?
        var read: String?
    }

    private(set) var entries: [Entry] = []
    private(set) var details: [Details] = []
    /// The bytes of the longest key or value.
    private(set) var longest = 0
    /// The number of tenants that are served.
    private(set) var tenants = 0
    private var places: [String: Int] = [:]

    /// The most bytes of a text in nginx's configuration, which are 4096 with its quotes.
    static let mostBytes = 3900

    init(
        _ configuration: GatewayConfiguration, _ addresses: GatewayAddresses, _ classes: GatewayClasses,
        _ problems: inout [GatewayProblem]
    ) {
        let served = GatewayAdmission(configuration.tenants, &problems)
        tenants = served.tenants.count
        places.reserveCapacity(tenants * 6)
        let namesIDs = configuration.clientCertificates != nil || configuration.service != nil
        for tenant in served.tenants {
            let (write, read) = (addresses.write(of: tenant), addresses.read(of: tenant))
            let others = tenant.alsoSees.filter { GatewaySyntax.isID($0) && $0 != tenant.id }
            let place = fnv1a(tenant.id)
            let own = Details(
                place: place, handle: String(SHA256.hexadecimal(tenant.id).prefix(24)), ids: [tenant.id] + others,
                write: write == addresses.write ? nil : write?.url, read: read == addresses.read ? nil : read?.url)
            let isPlain = others.isEmpty && own.write == nil && own.read == nil
            if !isPlain { details.append(own) }
            let state =
                (tenant.refusesWrites ? "o" : "") + (write == nil ? "W" : "") + (read == nil ? "R" : "")
            let end = "\(state) \(classes.of(tenant).name) \(isPlain ? "-" : own.handle)|"

            func add(_ key: String, _ exact: String, _ flags: String) {
                let value = "\(exact) \(tenant.id) \(flags)\(end)"
                insert(Entry(key: key, value: value, id: tenant.id, place: place), &problems)
            }
            for (token, flags) in served.tokens(of: tenant) {
                add("b:\(token)", token, flags)
                for user in tenant.user == tenant.id ? [tenant.id] : [tenant.user, tenant.id]
                where GatewaySyntax.isUser(user) {
                    let pair = Base64.encode("\(user):\(token)".utf8)
                    add("u:\(pair)", pair, flags)
                }
            }
            if namesIDs { add("i:\(tenant.id)", tenant.id, "i") }
        }
        places = [:]
    }

    private mutating func insert(_ entry: Entry, _ problems: inout [GatewayProblem]) {
        // They have only ASCII.
        let key = entry.key.lowercased()
        guard let place = places[key] else {
            places[key] = entries.count
            longest = max(longest, entry.key.utf8.count, entry.value.utf8.count + 1)
            entries.append(entry)
            return
        }
        let bytes = entries[place].value.utf8.count + entry.value.utf8.count
        guard bytes < Self.mostBytes else {
            problems.append(
                GatewayProblem(
                    tenants: [entries[place].id, entry.id].sorted(), reason: "SimilarCredentials",
                    message: "a credential or id is left out: too many others differ from it only in upper and lower "
                        + "case"))
            return
        }
        entries[place].value += entry.value
        longest = max(longest, bytes + 1)
    }
}
