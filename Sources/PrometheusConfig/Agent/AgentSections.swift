public import Kube

/// The fields of prometheus-operator's PrometheusAgent that stand in the file for all jobs, as the custom resource has
/// them: limits and formats of scrapes, `runtime`, `tsdb`, `otlp` and `tracingConfig`.
///
/// None of them says where series go, so that each that does not fit, or that the version of Prometheus does not know,
/// is left out alone.
public struct AgentSections: Sendable, Hashable {
    /// The fields; those that are not known are passed over.
    public var fields: JSON
    /// The limits that go before the agent's own.
    public var enforced: EnforcedLimits
    /// How TLS is spoken with what takes traces, its files being in the pod.
    public var tracingTLS: RemoteWrite.TLS?

    /// The fields of a custom resource's `spec`.
    public init(_ fields: JSON = [:], enforced: EnforcedLimits = EnforcedLimits(), tracingTLS: RemoteWrite.TLS? = nil) {
        self.fields = fields
        self.enforced = enforced
        self.tracingTLS = tracingTLS
    }
}

// MARK: - Tables

extension AgentSections {
    private static let global: [FieldMapping] = [
        .field("scrapeFailureLogFile", .custom(logFile), since: .init(2, 55)),
        .field(
            "nameValidationScheme", .word(["UTF8": "utf8", "Legacy": "legacy"]), as: "metric_name_validation_scheme",
            since: .init(3, 0)),
        .field(
            "nameEscapingScheme", .word(FieldMapping.escapingSchemes), as: "metric_name_escaping_scheme",
            since: .init(3, 4)),
        .field("convertClassicHistogramsToNHCB", .bool, since: .init(3, 4)),
        .field("scrapeClassicHistograms", .bool, as: "always_scrape_classic_histograms", since: .init(3, 5)),
        .field("scrapeNativeHistograms", .bool, since: .init(3, 8)),
    ]

    private static let tsdb: [FieldMapping] = [
        .field("outOfOrderTimeWindow", .duration, since: .init(2, 54)),
        .field("staleSeriesCompactionThreshold", .fraction, since: .init(3, 10)),
        .field("chunkEncoding", .custom(chunkEncoding), since: .init(3, 13)),
    ]

    private static let otlp: [FieldMapping] = [
        .field("promoteResourceAttributes", .strings, since: .init(2, 55)),
        .field("translationStrategy", .custom(translation), since: .init(3, 0)),
        .field("keepIdentifyingResourceAttributes", .bool, since: .init(3, 1)),
        .field("convertHistogramsToNHCB", .bool, since: .init(3, 4)),
        .field("promoteAllResourceAttributes", .custom(promoteAll), since: .init(3, 5)),
        .field("ignoreResourceAttributes", .custom(ignored), since: .init(3, 5)),
        .field("promoteScopeMetadata", .bool, since: .init(3, 6)),
        .field("labelNameUnderscoreSanitization", .bool, since: .init(3, 8)),
        .field("labelNamePreserveMultipleUnderscores", .bool, since: .init(3, 8)),
    ]

    private static let tracing: [FieldMapping] = [
        .field("endpoint", .text, isRequired: true),
        .field("clientType", .lowercased),
        .field("samplingFraction", .fraction),
        .field("insecure", .bool),
        .field("headers", .stringMap),
        .field("compression", .lowercased),
        .field("timeout", .duration),
    ]

    // MARK: - Rows of their own kind

    /// A file that is named without a folder goes where the agent's pod has room for it.
    private static func logFile(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let path = try fields.text("scrapeFailureLogFile") else { return nil }
        return .string(path.contains("/") ? path : "\(logFolder)/\(path)")
    }

    /// The folder of an agent's pod for log files that are named without one.
    public static let logFolder = "/var/log/prometheus"

    private static func chunkEncoding(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        let floats = try fields.objectOrEmpty("chunkEncoding").word("floats", among: ["Xor", "Xor2"])
        return floats.map { text -> JSON in ["floats": .string(text.lowercased())] }
    }

    private static func translation(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        let since: [String: PrometheusVersion] = [
            "NoUTF8EscapingWithSuffixes": .init(3, 0), "UnderscoreEscapingWithSuffixes": .init(3, 0),
            "NoTranslation": .init(3, 4), "UnderscoreEscapingWithoutSuffixes": .init(3, 6),
        ]
        guard let strategy = try fields.word("translationStrategy", among: since.keys.sorted()) else { return nil }
        if let first = since[strategy], context.version < first, context.version.major >= 3 {
            throw FieldError(
                fields.at("translationStrategy"), "\(strategy) needs Prometheus \(first), this is \(context.version)")
        }
        return .string(strategy)
    }

    /// Prometheus refuses it beside a list of attributes.
    private static func promoteAll(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let all = try fields.bool("promoteAllResourceAttributes") else { return nil }
        if all, try fields.strings("promoteResourceAttributes")?.isEmpty == false {
            throw FieldError(
                fields.at("promoteAllResourceAttributes"), "cannot be true beside promoteResourceAttributes")
        }
        return .bool(all)
    }

    /// Prometheus refuses it where not all are promoted.
    private static func ignored(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let ignored = try fields.strings("ignoreResourceAttributes"), !ignored.isEmpty else { return nil }
        guard try promoteAll(fields, &context) == true else {
            throw FieldError(fields.at("ignoreResourceAttributes"), "needs promoteAllResourceAttributes to be true")
        }
        return JSON(ignored)
    }
}

extension FieldMapping {
    /// prometheus-operator's names of escaping schemes, and Prometheus's.
    static let escapingSchemes = [
        "AllowUTF8": "allow-utf-8", "Underscores": "underscores", "Dots": "dots", "Values": "values",
    ]
}

// MARK: - Writing

extension AgentSections {
    /// What is written of the sections, and what is left out of them.
    struct Written {
        var global: JSON.Members = [:]
        var limits: JSON.Members = [:]
        var scrapeProtocols: JSON?
        var runtime: JSON?
        var storage: JSON?
        var otlp: JSON?
        var tracing: JSON?
        var leftOut: [FieldError] = []
    }

    /// The sections for a version of Prometheus.
    func written(for version: PrometheusVersion) -> Written {
        var result = Written()
        guard let spec = try? Fields(fields, at: FieldPath()) else { return result }
        let writer = SectionWriter(version: version)
        result.scrapeProtocols = protocols(spec, version, &result.leftOut)
        result.limits = limits(spec, version, &result.leftOut)
        result.global = writer.members(Self.global, spec, &result.leftOut)
        if spec.has("runtime") {
            let runtime = writer.section(
                [.field("goGC", .number, as: "gogc", since: .init(2, 53))], spec, "runtime", &result.leftOut)
            result.runtime = runtime
        }
        if let tsdb = writer.section(Self.tsdb, spec, "tsdb", &result.leftOut) { result.storage = ["tsdb": tsdb] }
        result.otlp = otlp(spec, writer, &result.leftOut)
        result.tracing = tracing(spec, writer, &result.leftOut)
        return result
    }

    private func protocols(_ spec: Fields, _ version: PrometheusVersion, _ leftOut: inout [FieldError]) -> JSON? {
        let path = spec.at("scrapeProtocols")
        guard let names = (try? spec.strings("scrapeProtocols")) ?? nil, !names.isEmpty else { return nil }
        guard version >= PrometheusVersion(2, 49) else {
            leftOut.append(.needs(.init(2, 49), version, path))
            return nil
        }
        let known = names.filter { $0 != "PrometheusText1.0.0" || version.major >= 3 }
        if known.count < names.count {
            leftOut.append(FieldError(path, "PrometheusText1.0.0 needs Prometheus v3.0.0, this is \(version)"))
        }
        return known.isEmpty ? JSON?.none : JSON(known)
    }

    /// The lesser of the agent's own limit and the enforced one, where there are both; 0 is none.
    private func limits(
        _ spec: Fields, _ version: PrometheusVersion, _ leftOut: inout [FieldError]
    ) -> JSON.Members {
        var result: JSON.Members = [:]
        let bodySize = ((try? spec.text("bodySizeLimit")) ?? nil) ?? enforced.bodySize.flatMap { $0.isEmpty ? nil : $0 }
        if let bodySize {
            if version >= PrometheusVersion(2, 45) {
                result["body_size_limit"] = .string(bodySize)
            } else {
                leftOut.append(.needs(.init(2, 45), version, spec.at("bodySizeLimit")))
            }
        }
        for (name, most, since) in [
            ("sampleLimit", enforced.sample, PrometheusVersion(2, 45)), ("targetLimit", enforced.target, .init(2, 45)),
            ("labelLimit", enforced.label, .init(2, 45)),
            ("labelNameLengthLimit", enforced.labelNameLength, .init(2, 45)),
            ("labelValueLengthLimit", enforced.labelValueLength, .init(2, 45)),
            ("keepDroppedTargets", enforced.keepDroppedTargets, .init(2, 47)),
        ] {
            let given = [(try? spec.count(name)) ?? nil, most].compactMap { $0 }.filter { $0 > 0 }
            guard let limit = given.min() else { continue }
            if version >= since {
                result[FieldMapping.snakeCase(name)] = JSON(limit)
            } else {
                leftOut.append(.needs(since, version, spec.at(name)))
            }
        }
        return result
    }

    private func otlp(_ spec: Fields, _ writer: SectionWriter, _ leftOut: inout [FieldError]) -> JSON? {
        guard spec.has("otlp") else { return nil }
        guard writer.version >= PrometheusVersion(2, 55) else {
            leftOut.append(.needs(.init(2, 55), writer.version, spec.at("otlp")))
            return nil
        }
        var section = writer.section(Self.otlp, spec, "otlp", &leftOut)
        if section?["translation_strategy"] == "NoUTF8EscapingWithSuffixes",
            ((try? spec.text("nameValidationScheme")) ?? nil) == "Legacy"
        {
            section?["translation_strategy"] = nil
            leftOut.append(
                FieldError(
                    spec.at("otlp").appending("translationStrategy"),
                    "NoUTF8EscapingWithSuffixes does not go with nameValidationScheme Legacy"))
        }
        return section?.object?.isEmpty == true ? nil : section
    }

    /// Without a place to send traces to, Prometheus refuses the section.
    private func tracing(_ spec: Fields, _ writer: SectionWriter, _ leftOut: inout [FieldError]) -> JSON? {
        guard spec.has("tracingConfig") else { return nil }
        guard writer.version >= PrometheusVersion(2, 34) else {
            leftOut.append(.needs(.init(2, 34), writer.version, spec.at("tracingConfig")))
            return nil
        }
        guard var section = writer.section(Self.tracing, spec, "tracingConfig", &leftOut), section["endpoint"] != nil
        else { return nil }
        if let tls = tracingTLS {
            // What a version does not know of it is left out as in every other client.
            var members = tls.json.object ?? [:]
            for (key, since) in RemoteWrite.TLS.since where writer.version < since && members[key] != nil {
                members[key] = nil
                leftOut.append(.needs(since, writer.version, spec.at("tracingConfig").appending("tlsConfig.\(key)")))
            }
            section["tls_config"] = .object(members)
        }
        return section
    }
}

/// Writes sections of an agent's file by their tables.
private struct SectionWriter {
    let version: PrometheusVersion

    func members(_ table: [FieldMapping], _ fields: Fields, _ leftOut: inout [FieldError]) -> JSON.Members {
        var writer = JobWriter(version)
        var context = MappingContext(
            version: version, namespace: "", credentials: Credentials { _ in .missing("no Secret is looked up here") })
        table.writeWhatFits(fields, to: &writer, &context)
        leftOut += writer.leftOut
        return writer.members
    }

    /// A section, nil where there is nothing to say in it.
    func section(
        _ table: [FieldMapping], _ spec: Fields, _ name: String, _ leftOut: inout [FieldError]
    ) -> JSON? {
        do throws(FieldError) {
            guard let fields = try spec.object(name) else { return nil }
            let members = members(table, fields, &leftOut)
            return members.isEmpty ? JSON?.none : .object(members)
        } catch {
            leftOut.append(error)
            return nil
        }
    }
}

extension FieldError {
    /// A field that came with a later version.
    static func needs(_ since: PrometheusVersion, _ version: PrometheusVersion, _ path: FieldPath) -> FieldError {
        FieldError(path, "needs Prometheus \(since), this is \(version)")
    }
}
