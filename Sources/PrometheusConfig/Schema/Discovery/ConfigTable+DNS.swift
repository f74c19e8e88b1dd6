import Kube

extension ConfigTable {
    /// `dns_sd_configs`.
    static let dns = ConfigTable(
        "a dns_sd_config",
        [
            .field("names", .strings, .required), .refreshInterval, .field("type", .text(recordType), .notEmpty), .port,
        ],
        rules: [
            .one { object in
                guard let type = object.text("type"), type.uppercased() != "SRV",
                    object.members["port"].map({ $0.isNull || $0 == 0 }) ?? true
                else { return nil }
                return FieldError(FieldPath("port"), "is required for records of type \(type.excerpt)")
            }
        ])

    private static let recordType = TextSyntax.words(
        ["SRV": nil, "A": nil, "AAAA": nil, "MX": .init(2, 38), "NS": .init(2, 49)], isExact: false)
}
