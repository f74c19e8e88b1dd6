extension ConfigTable {
    /// `file_sd_configs`.
    static let fileDiscovery = ConfigTable(
        "a file_sd_config", [.field("files", .list(.text(pattern)), .required), .refreshInterval])

    /// The pattern of Prometheus: at most one `*`, after the last `/`.
    private static let pattern = TextSyntax { text, _ in
        let endings = [".json", ".yml", ".yaml", ".JSON", ".YML", ".YAML"]
        let stars = text.split(separator: "*", omittingEmptySubsequences: false)
        guard let ending = endings.first(where: text.hasSuffix), stars.count <= 2,
            stars.count == 1 || stars[1].count >= ending.count && !stars[1].contains("/"), !text.contains("\n")
        else {
            return "\"\(text.excerpt)\" should end with .json, .yml or .yaml and have at most one *, after the last /"
        }
        return nil
    }
}
