/// The fields of an object in Prometheus's configuration file, by version, and the rules about several of them.
final class ConfigTable: Sendable {
    /// What the object is, with its article, such as `a scrape config`.
    let name: String
    /// The fields, by name.
    let fields: [String: ConfigField]
    /// The fields that must not be empty.
    let demands: [ConfigField]
    /// The rules.
    let rules: [ConfigRule]
    /// What other programs call a field, such as prometheus-operator.
    let otherNames: [String: String]

    /// Creates a table of rows; of rows with the same name, the last one counts.
    init(
        _ name: String, _ fields: [ConfigField], rules: [ConfigRule] = [], otherNames: [String: String] = [:]
    ) {
        self.name = name
        self.fields = Dictionary(fields.map { ($0.name, $0) }) { $1 }
        demands = fields.filter { $0.presence != .optional }
        self.rules = rules
        self.otherNames = otherNames
    }
}
