public import Kube

/// A part of a requested configuration that the file for a version of Prometheus cannot contain.
public struct ConfigProblem: Sendable, Hashable, CustomStringConvertible {
    /// The consequence of a problem.
    public enum Effect: String, Sendable {
        /// The field is omitted, since this version of Prometheus does not know it; the rest is written.
        case dropped
        /// One scrape configuration, remote write or remote read is omitted; the others are written.
        case rejected
        /// There is no usable file.
        case fatal
    }

    /// The consequence.
    public var effect: Effect
    /// The part of the file, such as `scrape config "node"`; empty for the settings of the file itself.
    public var part: String
    /// The field in the part.
    public var field: FieldPath
    /// What is wrong and what would be right, lower case, on one line.
    public var message: String

    init(_ effect: Effect, _ part: String, _ field: FieldPath, _ message: String) {
        self.effect = effect
        self.part = part
        self.field = field
        self.message = message
    }

    /// The problem of a field that a later version introduced.
    static func tooOld(
        _ part: String, _ field: FieldPath, _ first: PrometheusVersion, _ version: PrometheusVersion,
        _ effect: Effect = .dropped
    ) -> ConfigProblem {
        ConfigProblem(effect, part, field, version.needs(first))
    }

    /// The part, the field and the message.
    public var description: String {
        ([part] + (field.steps.isEmpty ? [] : [field.description]) + [message]).filter { !$0.isEmpty }
            .joined(separator: ": ")
    }
}
