extension ConfigTable {
    /// `static_configs`, which the files of `file_sd_configs` contain, too.
    static let staticTargets = ConfigTable(
        "a static config", [.field("targets", .strings), .field("labels", .map(keys: .labelName, .string))],
        otherNames: ["hosts": "targets"])
}
