import Kube

/// The scrape class of one monitor: the one it names, else the default one, else one that says nothing.
///
/// What a class refers to lies in the agent's namespace, and what is wrong with it is said at the monitor's
/// `scrapeClass`, so that it holds up only the monitors that use it.
struct AppliedScrapeClass {
    /// What the class says.
    let fields: Fields
    /// Its relabelling rules.
    private(set) var relabelings: [JSON] = []
    /// Its relabelling rules for metrics.
    private(set) var metricRelabelings: [JSON] = []

    private let name: String
    private let path: FieldPath
    private let agentNamespace: String

    /// The class of a monitor by its spec; throws ``FieldError`` where there is none of that name.
    init(of spec: Fields, _ settings: MonitorSettings) throws(FieldError) {
        path = spec.at("scrapeClass")
        agentNamespace = settings.agentNamespace
        let scrapeClass = try Self.find(try spec.text("scrapeClass"), settings, at: path)
        name = scrapeClass?.name ?? ""
        fields = try Fields(scrapeClass?.json ?? [:], at: FieldPath())
        let (fields, version) = (fields, settings.version)
        (relabelings, metricRelabelings) = try explained { () throws(FieldError) in
            (
                try Relabelings.read(fields, "relabelings", for: version),
                try Relabelings.read(fields, "metricRelabelings", for: version)
            )
        }
    }

    private static func find(
        _ name: String?, _ settings: MonitorSettings, at path: FieldPath
    ) throws(FieldError) -> ScrapeClass? {
        guard let name else {
            let defaults = settings.scrapeClasses.filter(\.isDefault)
            guard defaults.count <= 1 else {
                let names = defaults.map { "\"\($0.name)\"" }.joined(separator: " and ")
                throw FieldError(path, "is not given, and the agent's classes \(names) are both the default")
            }
            return defaults.first
        }
        guard let found = settings.scrapeClasses.last(where: { $0.name == name }) else {
            throw FieldError(path, "the agent has no scrape class \"\(name)\"")
        }
        return found
    }

    /// What a function does with the class, its errors said of the class.
    func explained<T>(_ body: () throws(FieldError) -> T) throws(FieldError) -> T {
        do throws(FieldError) { return try body() } catch {
            throw FieldError(path, "scrape class \"\(name)\" of the agent: \(error)")
        }
    }

    /// The class's TLS configuration.
    var tls: Fields? {
        get throws(FieldError) { try explained { () throws(FieldError) in try fields.object("tlsConfig") } }
    }

    /// The class's `authorization`.
    var authorization: Fields? {
        get throws(FieldError) { try explained { () throws(FieldError) in try fields.object("authorization") } }
    }

    /// What a monitor says of metadata that is attached to targets, else what its class says.
    func attachMetadata(_ spec: Fields) throws(FieldError) -> Fields? {
        if let own = try spec.object("attachMetadata") { return own }
        return try explained { () throws(FieldError) in try fields.object("attachMetadata") }
    }

    /// The namespace of what the class refers to.
    var namespace: String { agentNamespace }
}

extension JobWriter {
    /// Writes `tls_config`: the monitor's, and what it does not have of CA, certificate and key from its class.
    mutating func setTLS(
        _ own: Fields?, in namespace: String, allowsFiles: Bool = false, _ scrapeClass: AppliedScrapeClass,
        _ credentials: inout Credentials
    ) throws(FieldError) {
        guard let shared = try scrapeClass.tls else {
            guard allowsFiles || own.map({ !$0.saysNothing }) ?? false else { return }
            return try setTLS(own, in: namespace, allowsFiles: allowsFiles, &credentials)
        }
        guard let own, !own.saysNothing else {
            var (writer, taken) = (self, credentials)
            try scrapeClass.explained { () throws(FieldError) in
                try writer.setTLS(shared, in: scrapeClass.namespace, allowsFiles: true, &taken)
            }
            (self, credentials) = (writer, taken)
            return
        }
        try TLSSource.checkPair(own, allowsFiles: allowsFiles)
        try scrapeClass.explained { () throws(FieldError) in try TLSSource.checkPair(shared, allowsFiles: true) }
        let hasPair = try TLSSource(own, "cert", in: namespace, allowsFiles: allowsFiles) != nil
        var part = JobWriter(version)
        for key in ["ca", "cert", "key"] {
            if let source = try TLSSource(own, key, in: namespace, allowsFiles: allowsFiles) {
                part.set("\(key)_file", try source.file(&credentials))
            } else if key == "ca" || !hasPair {
                var taken = credentials
                let file = try scrapeClass.explained { () throws(FieldError) in
                    try TLSSource(shared, key, in: scrapeClass.namespace, allowsFiles: true)?.file(&taken)
                }
                credentials = taken
                part.set("\(key)_file", file)
            }
        }
        try part.setTLSSettings(own)
        set("tls_config", part.json)
        leaveOut(part.leftOut)
    }

    /// Writes `authorization`: the monitor's, with its class's credentials where it has none; the class's alone where
    /// the monitor has no way to authenticate of its own, since Prometheus takes one only.
    mutating func setAuthorization(
        _ parent: Fields, in namespace: String, _ scrapeClass: AppliedScrapeClass, _ credentials: inout Credentials
    ) throws(FieldError) {
        let own = try parent.object("authorization")
        let shared = try scrapeClass.authorization
        if var own, !own.saysNothing {
            guard !own.has("credentials"), let shared else {
                return try setAuthorization(own, in: namespace, &credentials)
            }
            own.members["credentials"] = shared.json("credentials")
            own.members["credentialsFile"] = shared.json("credentialsFile")
            return try setAuthorization(own, in: scrapeClass.namespace, allowsFiles: true, &credentials)
        }
        guard Self.waysToAuthenticate(parent).isEmpty else { return }
        var (writer, taken) = (self, credentials)
        try scrapeClass.explained { () throws(FieldError) in
            if let shared, shared.has("credentials"), try shared.text("credentialsFile") != nil {
                throw FieldError(shared.at("credentialsFile"), "cannot stand beside credentials")
            }
            try writer.setAuthorization(shared, in: scrapeClass.namespace, allowsFiles: true, &taken)
        }
        (self, credentials) = (writer, taken)
    }

    /// The fields besides `authorization` by which a monitor says how to authenticate.
    static func waysToAuthenticate(_ parent: Fields) -> [String] {
        ["basicAuth", "bearerTokenSecret", "oauth2", "bearerTokenFile"].filter { key in
            guard let value = parent.json(key) else { return false }
            if key == "bearerTokenFile" { return value.string != "" }
            return key != "bearerTokenSecret" || value["name"]?.string?.isEmpty == false
        }
    }

    /// Throws where a monitor has more than one way to authenticate: Prometheus takes one.
    static func checkAuthentication(_ parent: Fields) throws(FieldError) {
        let ways = ["authorization", "basicAuth", "bearerTokenSecret", "oauth2", "bearerTokenFile"].filter {
            parent.json($0).map { $0.string != "" } ?? false
        }
        if ways.count > 1 { throw FieldError(parent.at(ways[1]), "cannot stand beside \(ways[0])") }
    }
}

extension Fields {
    /// Whether the object has nothing in it but empty objects, as Go has it for a field that is not given.
    var saysNothing: Bool { JSON.object(members).saysNothing }
}

extension JSON {
    fileprivate var saysNothing: Bool {
        switch self {
        case .null: true
        case .object(let members): members.values.allSatisfy(\.saysNothing)
        default: false
        }
    }
}
