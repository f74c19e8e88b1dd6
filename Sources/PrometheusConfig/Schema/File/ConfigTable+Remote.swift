import Kube

extension ConfigTable {
    /// An entry of `remote_write`.
    static let remoteWrite = ConfigTable(
        "a remote write",
        remote + [
            .field("write_relabel_configs", .objects(.relabeling)), .field("send_exemplars", .bool),
            .field("send_native_histograms", .bool, since: .init(2, 40)),
            .field(
                "protobuf_message",
                .words("prometheus.WriteRequest", "io.prometheus.write.v2.Request"), .notEmpty, since: .init(2, 54)),
            .field("round_robin_dns", .bool, since: .init(3, 1)),
            .field("queue_config", .object(.queue)), .field("metadata_config", .object(.metadata)),
            .field("sigv4", .object(.sigv4)), .field("azuread", .object(.azureAD), since: .init(2, 45)),
            .field("google_iam", .object(.googleIAM), since: .init(2, 55)),
        ],
        rules: [
            .atMostOne(
                "basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file", "sigv4", "azuread",
                "google_iam"),
            remoteHeaders,
        ] + ConfigRule.httpClient(),
        otherNames: ["relabel_configs": "write_relabel_configs", "timeout": "remote_timeout"])

    /// An entry of `remote_read`.
    static let remoteRead = ConfigTable(
        "a remote read",
        remote + [
            .field("read_recent", .bool), .field("required_matchers", .map(keys: .labelName, .string)),
            .field("filter_external_labels", .bool, since: .init(2, 34)),
            .field("chunked_read_limit", .unsigned, since: .init(2, 55)),
        ],
        rules: [remoteHeaders] + ConfigRule.httpClient(), otherNames: ["timeout": "remote_timeout"])

    private static let remote: [ConfigField] =
        [
            .field("url", .url, .required), .field("name", .string), .field("remote_timeout", .duration),
            .field("headers", .stringMap),
        ] + ConfigField.httpClient

    private static let remoteHeaders = ConfigRule { object in
        (object.members["headers"]?.object?.keys ?? []).filter(ReservedHeader.isReserved).map {
            FieldError(FieldPath([.key("headers"), .key($0)]), "is set by Prometheus itself")
        }
    }

    private static let queue = ConfigTable(
        "a queue_config",
        [
            .field("capacity", .int), .field("max_shards", .int), .field("min_shards", .int),
            .field("max_samples_per_send", .int), .field("batch_send_deadline", .duration),
            .field("min_backoff", .duration), .field("max_backoff", .duration), .field("retry_on_http_429", .bool),
            .field("sample_age_limit", .duration, since: .init(2, 50)),
        ])
    private static let metadata = ConfigTable(
        "a metadata_config",
        [.field("send", .bool), .field("send_interval", .duration), .field("max_samples_per_send", .int)])
}
