import Kube

extension ConfigField {
    /// The settings of the HTTP client, which objects have among their own fields.
    static let httpClient: [ConfigField] = httpClient(since: nil)

    /// The settings of the HTTP client, in objects that have them only from a version on.
    static func httpClient(since: PrometheusVersion?) -> [ConfigField] {
        let rows: [ConfigField] =
            [
                .field("basic_auth", .object(.basicAuth)), .field("authorization", .object(.authorization)),
                .field("oauth2", .object(.oauth2)),
                .field("bearer_token", .string), .field("bearer_token_file", .string),
                .field("tls_config", .object(.tls)),
                .field("follow_redirects", .bool), .field("enable_http2", .bool, since: .init(2, 35)),
                .field("proxy_url", .url),
                .field(
                    "http_headers", .map(.object(ConfigTable.header)), since: .init(2, 53)),
            ] + proxies
        guard let since else { return rows }
        return rows.map { row in
            var row = row
            row.since = max(row.since ?? since, since)
            return row
        }
    }

    /// The settings of proxies that later versions brought.
    static let proxies: [ConfigField] = [
        .field("no_proxy", .string, since: .init(2, 43)), .field("proxy_from_environment", .bool, since: .init(2, 43)),
        .field("proxy_connect_header", .map(.strings), since: .init(2, 41)),
    ]
}

extension ConfigTable {
    /// The values of one of `http_headers`.
    fileprivate static let header = ConfigTable(
        "a header", [.field("values", .strings), .field("secrets", .strings), .field("files", .strings)])
}

extension ConfigRule {
    /// The rules about the settings of the HTTP client. Some kinds of discovery apply them only from a version on.
    static func httpClient(since: PrometheusVersion? = nil) -> [ConfigRule] {
        let rules: [ConfigRule] =
            [
                .atMostOne("basic_auth", "authorization", "oauth2", "bearer_token", "bearer_token_file"), headers,
            ] + authentication + proxies
        guard let since else { return rules }
        return rules.map { rule in ConfigRule { $0.version < since ? [] : rule.problems($0) } }
    }

    /// The rules about proxies.
    static let proxies: [ConfigRule] = [
        .one { object in
            guard object.isTrue("proxy_from_environment"), object.isGiven("proxy_url") else { return nil }
            return FieldError(FieldPath("proxy_url"), "cannot be set together with proxy_from_environment")
        },
        .one { object in
            guard object.isGiven("no_proxy") else { return nil }
            if object.isTrue("proxy_from_environment") {
                return FieldError(FieldPath("no_proxy"), "cannot be set together with proxy_from_environment")
            }
            return object.has("proxy_url") ? nil : FieldError(FieldPath("no_proxy"), "needs proxy_url")
        },
        .one { object in
            guard object.members["proxy_connect_header"]?.object?.isEmpty == false, !object.isGiven("proxy_url"),
                !object.isTrue("proxy_from_environment")
            else { return nil }
            return FieldError(FieldPath("proxy_connect_header"), "needs proxy_url or proxy_from_environment")
        },
    ]

    /// Headers that Prometheus sets itself.
    private static let headers = ConfigRule { object in
        (object.members["http_headers"]?.object?.keys ?? []).filter(ReservedHeader.isReserved).map {
            FieldError(FieldPath([.key("http_headers"), .key($0)]), "is set by Prometheus itself")
        }
    }
}
