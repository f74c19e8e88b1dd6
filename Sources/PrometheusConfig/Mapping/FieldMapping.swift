import Kube

/// A row of a table: how one field of a custom resource becomes a member of Prometheus's configuration.
///
/// Most settings of Prometheus are fields with another spelling, of some type, that some version introduced. Tables of
/// these rows describe the kinds of service discovery and the sections of an agent's file.
struct FieldMapping: Sendable {
    /// The consequence of a field that the version of Prometheus does not know.
    enum TooOld: Sendable {
        /// The field is omitted.
        case leftOut
        /// The whole object is refused, since it would have another meaning without the field.
        case refused
    }

    /// The type of a field, and how it is written.
    enum Value: Sendable {
        /// A string.
        case string
        /// A string; an empty one is absent.
        case text
        /// A string in lower case; an empty one is absent.
        case lowercased
        /// One of several words, with the spelling in the configuration for each.
        case word([String: String])
        /// A boolean.
        case bool
        /// A whole number.
        case number
        /// A port.
        case port
        /// A duration.
        case duration
        /// A quantity from 0 to 1.
        case fraction
        /// A list of strings; an empty one is absent.
        case strings
        /// An object of strings; an empty one is absent.
        case stringMap
        /// A key of a Secret, written as its content.
        case secret
        /// A key of a Secret, written as the path of its file.
        case secretFile
        /// A URL with a scheme and a host; the scheme is one of the listed ones, or any if none is listed.
        case url([String])
        /// A field of prometheus-operator that it does not write either; it is recorded as omitted.
        case unwritten
        /// Any other type, with a function that returns the value to write, or nil.
        case custom(@Sendable (Fields, inout MappingContext) throws(FieldError) -> JSON?)
    }

    /// The name of the field in the custom resource.
    let name: String
    /// The name of the member in the configuration.
    let key: String
    /// The type.
    let value: Value
    /// The first version of Prometheus that knows the member; nil for all versions.
    let since: PrometheusVersion?
    /// The consequence of an older version.
    let tooOld: TooOld
    /// Whether the field is required.
    let isRequired: Bool

    /// Creates a row; the member has the name of the field in snake case unless `key` is set.
    static func field(
        _ name: String, _ value: Value, as key: String? = nil, since: PrometheusVersion? = nil,
        tooOld: TooOld = .leftOut, isRequired: Bool = false
    ) -> FieldMapping {
        FieldMapping(
            name: name, key: key ?? snakeCase(name), value: value, since: since, tooOld: tooOld, isRequired: isRequired)
    }

    /// The name of a field in snake case: `enableHTTP2` is `enable_http2`, `datacenterID` is `datacenter_id`.
    static func snakeCase(_ name: String) -> String {
        var result = ""
        var wasUpper = true
        for character in name {
            if character.isUppercase && !wasUpper { result.append("_") }
            wasUpper = character.isUppercase
            result += character.lowercased()
        }
        return result
    }
}

extension FieldMapping {
    /// How metric and label names are validated.
    static let nameValidationScheme = field(
        "nameValidationScheme", .word(["UTF8": "utf8", "Legacy": "legacy"]), as: "metric_name_validation_scheme",
        since: .init(3, 0))

    /// How names are escaped for targets that do not support UTF-8.
    static let nameEscapingScheme = field(
        "nameEscapingScheme",
        .word(["AllowUTF8": "allow-utf-8", "Underscores": "underscores", "Dots": "dots", "Values": "values"]),
        as: "metric_name_escaping_scheme", since: .init(3, 4))
}
