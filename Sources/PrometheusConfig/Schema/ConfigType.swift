/// The type of a value in a configuration file of Prometheus.
///
/// As in Go's YAML library, plain numbers and words are strings where a string is expected, and a number with a fraction
/// is cut where a whole one is expected.
indirect enum ConfigType: Sendable {
    /// A value that is not checked.
    case any
    /// A string.
    case string
    /// A string with a syntax.
    case text(TextSyntax)
    /// `true` or `false`.
    case bool
    /// A whole number.
    case int
    /// A whole number from 0 on.
    case unsigned
    /// A number.
    case number
    /// A list.
    case list(ConfigType)
    /// An object with any members.
    case map(keys: TextSyntax? = nil, ConfigType)
    /// An object with known members.
    case object(ConfigTable)

    /// A list of objects with known members.
    static func objects(_ table: ConfigTable) -> ConfigType { .list(.object(table)) }
    /// One of several words, some of which need a version.
    static func words(_ words: KeyValuePairs<String, PrometheusVersion?>) -> ConfigType { .text(.words(words)) }
    /// One of several words.
    static func words(_ words: String...) -> ConfigType { .text(.words(words)) }

    static let strings = ConfigType.list(.string)
    static let stringMap = ConfigType.map(.string)
    static let duration = ConfigType.text(.duration)
    static let size = ConfigType.text(.size)
    static let url = ConfigType.text(.url)
}
