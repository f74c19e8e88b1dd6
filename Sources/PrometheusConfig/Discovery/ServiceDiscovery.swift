import Kube

/// A kind of service discovery: a list in a ScrapeConfig, and how its entries are written to a job.
struct ServiceDiscovery: Sendable {
    /// The settings of the HTTP client that an entry can have.
    struct Client: OptionSet, Sendable {
        let rawValue: Int
        static let basicAuth = Client(rawValue: 1)
        static let authorization = Client(rawValue: 2)
        static let oauth2 = Client(rawValue: 4)
        static let proxy = Client(rawValue: 8)
        static let tls = Client(rawValue: 16)
        /// `followRedirects` and `enableHTTP2`.
        static let connection = Client(rawValue: 32)

        /// All settings except basic authentication.
        static let tokens: Client = [.authorization, .oauth2, .proxy, .tls, .connection]
        /// All settings.
        static let all: Client = [.basicAuth, .tokens]
    }

    /// The name of the list in the ScrapeConfig.
    let field: String
    /// The name of the list in the job.
    let key: String
    /// The settings of the HTTP client.
    var client: Client = []
    /// The first version that supports TLS, redirects and HTTP/2 for this kind; nil for all versions.
    var clientSince: PrometheusVersion?
    /// Whether `oauth2` takes precedence over `authorization`, instead of excluding it.
    var prefersOAuth2 = false
    /// The other fields.
    let fields: [FieldMapping]
    /// Checks combinations of fields, before the entry is written.
    var check: (@Sendable (Fields, PrometheusVersion) throws(FieldError) -> Void)?

    /// The kinds, in the order in which prometheus-operator writes them.
    static let all: [ServiceDiscovery] =
        [file, http, kubernetes, consul, dns, ec2, azure, gce, openStack, digitalOcean, kuma, eureka, docker, linode]
        + [hetzner, nomad, dockerSwarm, puppetDB, lightSail, ovhCloud, scaleway, ionos]

    /// Writes the list, if there is one.
    ///
    /// Throws ``FieldError`` for an entry that Prometheus would refuse, or that would find other targets without a field
    /// that the version does not know.
    func write(_ spec: Fields, to job: inout ConfigWriter, _ context: inout MappingContext) throws(FieldError) {
        let entries = try spec.objects(field)
        guard !entries.isEmpty else { return }
        var list: [JSON] = []
        for entry in entries {
            try check?(entry, context.version)
            var part = ConfigWriter(context.version)
            try writeClient(entry, to: &part, &context)
            try fields.write(entry, to: &part, &context)
            list.append(part.json)
            job.leaveOut(part.leftOut)
        }
        job.set(key, .array(list))
    }

    private func writeClient(
        _ entry: Fields, to part: inout ConfigWriter, _ context: inout MappingContext
    ) throws(FieldError) {
        let namespace = context.namespace
        try checkWaysToAuthenticate(entry)
        if client.contains(.basicAuth) { try part.setBasicAuth(entry, in: namespace, &context.credentials) }
        if client.contains(.authorization), !prefersOAuth2 || !entry.has("oauth2") {
            try part.setAuthorization(try entry.object("authorization"), in: namespace, &context.credentials)
        }
        if client.contains(.oauth2) { try part.setOAuth2(entry, in: namespace, &context.credentials) }
        if client.contains(.proxy) { try part.setProxy(entry, in: namespace, &context.credentials) }
        if let clientSince, context.version < clientSince {
            for name in ["tlsConfig", "followRedirects", "enableHTTP2"] where entry.has(name) {
                part.leaveOut(entry.at(name), context.version.needs(clientSince))
            }
            return
        }
        if client.contains(.tls) {
            try part.setTLS(try entry.object("tlsConfig"), in: namespace, &context.credentials)
        }
        if client.contains(.connection) {
            try part.setFlag(entry, "followRedirects", "follow_redirects", since: .init(2, 26))
            try part.setFlag(entry, "enableHTTP2", "enable_http2", since: .init(2, 35))
        }
    }

    /// Prometheus accepts only one way to authenticate; ways that the kind does not have are ignored.
    private func checkWaysToAuthenticate(_ entry: Fields) throws(FieldError) {
        let ways: [(Client, String)] = [
            (.authorization, "authorization"), (.basicAuth, "basicAuth"), (.oauth2, "oauth2"),
        ]
        let given = ways.filter { client.contains($0.0) && entry.has($0.1) }.map(\.1)
        if given.count > 1, !prefersOAuth2 {
            throw FieldError(entry.at(given[1]), "cannot be set together with \(given[0])")
        }
    }
}

// MARK: - Rows of several kinds

extension FieldMapping {
    /// How often the targets are looked up.
    static let refreshInterval = field("refreshInterval", .duration)
    /// The port of targets without one.
    static let port = field("port", .port)
    /// The separator of tags in a label.
    static let tagSeparator = field("tagSeparator", .string)
    /// The region of the provider.
    static let region = field("region", .string)
    /// The URL of the server, with any scheme.
    static let server = field("server", .url([]), isRequired: true)

    /// One of several words, written in lower case.
    static func role(_ words: String..., as key: String = "role") -> FieldMapping {
        field(
            key, .word(Dictionary(words.map { ($0, $0.lowercased()) }) { first, _ in first }), isRequired: true)
    }

    /// The filters of what is listed: names and values, sorted by name.
    static let filters = field("filters", .custom(filterList))

    private static func filterList(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        var filters: [(name: String, values: [String])] = []
        for filter in try fields.objects("filters") {
            filters.append((try filter.requiredText("name"), try filter.strings("values") ?? []))
        }
        guard !filters.isEmpty else { return nil }
        // Swift's sort is stable, as prometheus-operator's is.
        filters.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        return .array(filters.map { ["name": JSON($0.name), "values": JSON($0.values)] })
    }
}

extension ServiceDiscovery {
    /// Throws ``FieldError`` if only one of two fields is set.
    static func checkPair(_ entry: Fields, _ first: String, _ second: String) throws(FieldError) {
        if entry.has(first) != entry.has(second) {
            let (given, missing) = entry.has(first) ? (first, second) : (second, first)
            throw FieldError(entry.at(given), "needs \(missing)")
        }
    }
}
