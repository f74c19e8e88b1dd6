import Kube

extension AgentSections {
    /// The rows of `global`.
    static let globalRows: [FieldMapping] = [
        .field("scrapeFailureLogFile", .custom(logFile), since: .init(2, 55)),
        .nameValidationScheme,
        .nameEscapingScheme,
        .field("convertClassicHistogramsToNHCB", .bool, since: .init(3, 4)),
        .field("scrapeClassicHistograms", .bool, as: "always_scrape_classic_histograms", since: .init(3, 5)),
        .field("scrapeNativeHistograms", .bool, since: .init(3, 8)),
    ]

    /// The rows of `storage.tsdb`.
    static let tsdbRows: [FieldMapping] = [
        .field("outOfOrderTimeWindow", .duration, since: .init(2, 54)),
        .field("staleSeriesCompactionThreshold", .fraction, since: .init(3, 10)),
        .field("chunkEncoding", .custom(chunkEncoding), since: .init(3, 13)),
    ]

    /// The rows of `runtime`.
    static let runtimeRows: [FieldMapping] = [.field("goGC", .number, as: "gogc", since: .init(2, 53))]

    /// The rows of `otlp`.
    static let otlpRows: [FieldMapping] = [
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

    /// The rows of `tracing`.
    static let tracingRows: [FieldMapping] = [
        .field("endpoint", .text, isRequired: true),
        .field("clientType", .lowercased),
        .field("samplingFraction", .fraction),
        .field("insecure", .bool),
        .field("headers", .stringMap),
        .field("compression", .lowercased),
        .field("timeout", .duration),
    ]

    // MARK: - Custom rows

    /// A file without a folder is in the log folder, which the pods can write to.
    private static func logFile(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let path = try fields.text("scrapeFailureLogFile") else { return nil }
        return .string(path.contains("/") ? path : "\(logFolder)/\(path)")
    }

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
            throw FieldError(fields.at("translationStrategy"), "\(strategy) \(context.version.needs(first))")
        }
        return .string(strategy)
    }

    /// Prometheus refuses it together with a list of attributes.
    private static func promoteAll(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let all = try fields.bool("promoteAllResourceAttributes") else { return nil }
        if all, try fields.strings("promoteResourceAttributes")?.isEmpty == false {
            throw FieldError(
                fields.at("promoteAllResourceAttributes"), "cannot be true together with promoteResourceAttributes")
        }
        return .bool(all)
    }

    /// Prometheus refuses it unless all attributes are promoted.
    private static func ignored(_ fields: Fields, _ context: inout MappingContext) throws(FieldError) -> JSON? {
        guard let ignored = try fields.strings("ignoreResourceAttributes"), !ignored.isEmpty else { return nil }
        guard try promoteAll(fields, &context) == true else {
            throw FieldError(fields.at("ignoreResourceAttributes"), "needs promoteAllResourceAttributes to be true")
        }
        return JSON(ignored)
    }
}
