import Kube

extension ConfigTable {
    /// A configuration file.
    static let file = ConfigTable(
        "a Prometheus configuration",
        [
            .field("global", .object(.global)),
            .field("runtime", .object(ConfigTable("runtime", [.field("gogc", .int)])), since: .init(2, 53)),
            .field("alerting", .object(.alerting)), .field("rule_files", .list(.text(rulePath))),
            .field("scrape_config_files", .list(.text(rulePath)), since: .init(2, 43)),
            // Checked one by one, by the interval of the file.
            .field("scrape_configs", .list(.any)),
            .field("storage", .object(.storage)), .field("tracing", .object(.tracing), since: .init(2, 34)),
            .field("remote_write", .objects(.remoteWrite)), .field("remote_read", .objects(.remoteRead)),
            .field("otlp", .object(.otlp), since: .init(2, 55)),
        ],
        rules: [uniqueNames("remote_write"), uniqueNames("remote_read")],
        otherNames: ["scrape_config": "scrape_configs", "remote_writes": "remote_write"])

    private static let rulePath = TextSyntax { text, _ in
        let stars = text.split(separator: "*", omittingEmptySubsequences: false)
        let isPath = stars.count <= 2 && (stars.count == 1 || !stars[1].contains("/"))
        return isPath
            ? nil : "\"\(text.excerpt)\" should be a path with at most one *, after the last /"
    }

    private static func uniqueNames(_ list: String) -> ConfigRule {
        ConfigRule { object in
            var names: Set<String> = []
            return (object.members[list]?.array ?? []).enumerated().compactMap { index, entry in
                guard let name = entry["name"]?.plainText, !name.isEmpty, !names.insert(name).inserted else {
                    return nil
                }
                return FieldError(
                    FieldPath(list).appending(index).appending("name"),
                    "\"\(name.excerpt)\" is used twice; names should be unique")
            }
        }
    }

    private static let storage = ConfigTable(
        "storage",
        [
            .field("exemplars", .object(ConfigTable("exemplars", [.field("max_exemplars", .int)]))),
            .field("tsdb", .object(.tsdb), since: .init(2, 39)),
        ])

    private static let tsdb = ConfigTable(
        "tsdb",
        [
            .field("out_of_order_time_window", .duration),
            .field(
                "retention",
                .object(
                    ConfigTable(
                        "a retention",
                        [
                            .field("time", .duration), .field("size", .size),
                            .field("percentage", .number, since: .init(3, 11)),
                        ])), since: .init(3, 8)),
            .field("stale_series_compaction_threshold", .number, since: .init(3, 10)),
            .field(
                "chunk_encoding", .object(ConfigTable("a chunk_encoding", [.field("floats", .string)])),
                since: .init(3, 13)),
        ])

    private static let tracing = ConfigTable(
        "tracing",
        [
            .field("client_type", .words("http", "grpc"), .notEmpty), .field("endpoint", .string, .required),
            .field("sampling_fraction", .number), .field("insecure", .bool), .field("tls_config", .object(.tls)),
            .field("headers", .stringMap), .field("compression", .text(.words(["gzip": nil], orEmpty: true))),
            .field("timeout", .duration),
        ],
        rules: [
            ConfigRule { object in
                (object.members["headers"]?.object?.keys ?? []).filter(ReservedHeader.isReserved).map {
                    FieldError(FieldPath([.key("headers"), .key($0)]), "cannot be set")
                }
            }
        ])

    private static let otlp = ConfigTable(
        "otlp",
        [
            .field("promote_resource_attributes", .strings),
            .field("translation_strategy", .string, since: .init(3, 0)),
            .field("keep_identifying_resource_attributes", .bool, since: .init(3, 1)),
            .field("convert_histograms_to_nhcb", .bool, since: .init(3, 4)),
            .field("promote_all_resource_attributes", .bool, since: .init(3, 5)),
            .field("ignore_resource_attributes", .strings, since: .init(3, 5)),
            .field("promote_scope_metadata", .bool, since: .init(3, 6)),
            .field("label_name_underscore_sanitization", .bool, since: .init(3, 8)),
            .field("label_name_preserve_multiple_underscores", .bool, since: .init(3, 8)),
        ])
}
