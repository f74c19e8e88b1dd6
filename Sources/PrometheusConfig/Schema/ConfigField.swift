/// A member of an object in a configuration file of Prometheus: a row of a ``ConfigTable``.
struct ConfigField: Sendable {
    /// Whether a value has to be there.
    enum Presence: Sendable {
        /// The field can be absent or empty.
        case optional
        /// The field has to be there and must not be empty.
        case required
        /// The field has a default, and must not be empty if it is there.
        case notEmpty
    }

    /// The name.
    let name: String
    /// The type of the value.
    let type: ConfigType
    /// Whether a value has to be there.
    var presence = Presence.optional
    /// The first version that knows the field; nil for one that every version knows.
    var since: PrometheusVersion?
    /// The first version that no longer knows the field.
    var until: PrometheusVersion?
    /// The field that replaces it from then on.
    var successor: String?

    /// A row of a table.
    static func field(
        _ name: String, _ type: ConfigType, _ presence: Presence = .optional, since: PrometheusVersion? = nil,
        until: PrometheusVersion? = nil, successor: String? = nil
    ) -> ConfigField {
        ConfigField(
            name: name, type: type, presence: presence, since: since, until: until, successor: successor)
    }

    /// Whether a version knows the field.
    func isKnown(to version: PrometheusVersion) -> Bool {
        (since.map { version >= $0 } ?? true) && (until.map { version < $0 } ?? true)
    }

    /// How often targets are looked up.
    static let refreshInterval = field("refresh_interval", .text(.interval), .notEmpty)
    /// The port of targets without one.
    static let port = field("port", .int)
}
