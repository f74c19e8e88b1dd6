extension ConfigTable {
    /// `scaleway_sd_configs`. The library of Scaleway checks the form of the credentials when the file is loaded.
    static let scaleway = ConfigTable(
        "a scaleway_sd_config",
        [
            .field("project_id", .text(uuid), .required), .field("api_url", .url), .field("zone", .text(zone)),
            .field("access_key", .text(accessKey), .required), .field("secret_key", .text(uuid)),
            .field("secret_key_file", .string), .field("name_filter", .string), .field("tags_filter", .strings),
            .refreshInterval, .port, .field("role", .words("instance", "baremetal"), .required),
        ] + ConfigField.httpClient,
        rules: [.anyOf("secret_key", "secret_key_file"), .atMostOne("secret_key", "secret_key_file")]
            + ConfigRule.httpClient())

    private static let accessKey = TextSyntax { text, _ in
        let isKey = text.utf8.count == 20 && text.hasPrefix("SCW") && text.allSatisfy { $0.isNumber || $0.isUppercase }
        return isKey ? nil : "should be SCW followed by 17 upper case letters or digits"
    }

    private static let uuid = TextSyntax { text, _ in
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isID = parts.map(\.utf8.count) == [8, 4, 4, 4, 12] && parts.allSatisfy { $0.utf8.allSatisfy(\.isHexDigit) }
        return isID ? nil : "should be a UUID, as in 11111111-1111-1111-1111-111111111111"
    }

    private static let zone = TextSyntax { text, _ in
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isZone = parts.count == 3 && parts[0].count == 2 && parts[1].count == 3 && parts[2].count == 1
        return isZone ? nil : "\"\(text.excerpt)\" should be a zone, such as fr-par-1"
    }
}
