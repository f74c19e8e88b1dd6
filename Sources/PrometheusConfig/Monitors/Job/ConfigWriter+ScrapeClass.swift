import Kube

extension ConfigWriter {
    /// Writes `tls_config` of a monitor, with the CA, certificate and key of its class if the monitor has none.
    mutating func setMonitorTLS(
        _ own: Fields?, in namespace: String, allowsFiles: Bool = false, _ scrapeClass: AppliedScrapeClass,
        _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        guard let shared = try scrapeClass.tls else {
            guard allowsFiles || own.map({ !$0.isBlank }) ?? false else { return }
            return try setTLS(own, in: namespace, allowsFiles: allowsFiles, &credentials)
        }
        guard let own, !own.isBlank else {
            var (writer, taken) = (self, credentials)
            try scrapeClass.explained { () throws(FieldError) in
                try writer.setTLS(shared, in: scrapeClass.namespace, allowsFiles: true, &taken)
            }
            (self, credentials) = (writer, taken)
            return
        }
        try TLSSource.checkPair(own, allowsFiles: allowsFiles)
        try scrapeClass.explained { () throws(FieldError) in try TLSSource.checkPair(shared, allowsFiles: true) }
        let hasPair = try TLSSource(own, .cert, in: namespace, allowsFiles: allowsFiles) != nil
        var part = ConfigWriter(version)
        for file in TLSSource.Part.allCases {
            if let source = try TLSSource(own, file, in: namespace, allowsFiles: allowsFiles) {
                part.set(file.key, try source.file(&credentials))
            } else if file == .ca || !hasPair {
                var taken = credentials
                let path = try scrapeClass.explained { () throws(FieldError) in
                    try TLSSource(shared, file, in: scrapeClass.namespace, allowsFiles: true)?.file(&taken)
                }
                credentials = taken
                part.set(file.key, path)
            }
        }
        try part.setTLSSettings(own)
        set("tls_config", part.json)
        leaveOut(part.leftOut)
    }

    /// Writes `authorization` of a monitor, with the credentials of its class if it has none.
    ///
    /// The `authorization` of the class applies as a whole only if the monitor has no way to authenticate, since
    /// Prometheus accepts only one.
    mutating func setMonitorAuthorization(
        _ parent: Fields, in namespace: String, _ scrapeClass: AppliedScrapeClass,
        _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        let own = try parent.object("authorization")
        let shared = try scrapeClass.authorization
        if var own, !own.isBlank {
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
                throw FieldError(shared.at("credentialsFile"), "cannot be set together with credentials")
            }
            try writer.setAuthorization(shared, in: scrapeClass.namespace, allowsFiles: true, &taken)
        }
        (self, credentials) = (writer, taken)
    }

    /// Writes `authorization` of an endpoint of a ServiceMonitor or PodMonitor, which requires credentials of its own.
    mutating func setEndpointAuthorization(
        _ endpoint: Fields, in namespace: String, _ scrapeClass: AppliedScrapeClass,
        _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        if let own = try endpoint.object("authorization"), !own.has("credentials") {
            throw FieldError(own.at("credentials"), "is required")
        }
        try setMonitorAuthorization(endpoint, in: namespace, scrapeClass, &credentials)
    }

    /// Writes `metric_relabel_configs`: the rules of the class, those of the monitor, and the enforced namespace last.
    mutating func setMetricRelabelings(
        _ parent: Fields, of object: Object, _ scrapeClass: AppliedScrapeClass, _ settings: MonitorSettings
    ) throws(FieldError) {
        let own = try Relabelings.read(parent, "metricRelabelings", for: version)
        let rules = scrapeClass.metricRelabelings + own + settings.enforcedNamespaceRules(of: object)
        if !rules.isEmpty { set("metric_relabel_configs", .array(rules)) }
    }

    /// The fields of a monitor that configure how to authenticate, other than `authorization`.
    private static func waysToAuthenticate(_ parent: Fields) -> [String] {
        ["basicAuth", "bearerTokenSecret", "oauth2", "bearerTokenFile"].filter { key in
            guard let value = parent.json(key) else { return false }
            if key == "bearerTokenFile" { return value.string != "" }
            return key != "bearerTokenSecret" || value["name"]?.string?.isEmpty == false
        }
    }

    /// Throws ``FieldError`` for a monitor with more than one way to authenticate: Prometheus accepts only one.
    static func checkAuthentication(_ parent: Fields) throws(FieldError) {
        let ways = ["authorization", "basicAuth", "bearerTokenSecret", "oauth2", "bearerTokenFile"].filter {
            parent.json($0).map { $0.string != "" } ?? false
        }
        if ways.count > 1 { throw FieldError(parent.at(ways[1]), "cannot be set together with \(ways[0])") }
    }
}

extension Fields {
    /// Whether the object contains nothing but empty objects, which Go cannot tell from an absent field.
    fileprivate var isBlank: Bool { JSON.object(members).isBlank }
}

extension JSON {
    fileprivate var isBlank: Bool {
        switch self {
        case .null: true
        case .object(let members): members.values.allSatisfy(\.isBlank)
        default: false
        }
    }
}
