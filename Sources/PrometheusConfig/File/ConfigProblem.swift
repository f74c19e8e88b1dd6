public import Kube

/// Something in what was asked of a Prometheus that its configuration file cannot say.
public struct ConfigProblem: Sendable, Hashable, CustomStringConvertible {
    /// What follows from it.
    public enum Effect: String, Sendable {
        /// The field is left out, the rest stands: this version of Prometheus does not know it.
        case dropped
        /// One scrape configuration, or one place to send to, is left out, the others stand.
        case rejected
        /// There is no usable file.
        case fatal
    }

    /// What follows.
    public var effect: Effect
    /// Which part of the file is meant, such as `scrape config "node"`; empty for the file's own settings.
    public var part: String
    /// The field in the part.
    public var field: FieldPath
    /// What is wrong and what would be right, lower case, on one line.
    public var message: String

    /// A problem.
    public init(_ effect: Effect, _ part: String, _ field: FieldPath, _ message: String) {
        self.effect = effect
        self.part = part
        self.field = field
        self.message = message
    }

    /// The problem as a message.
    public var description: String {
        ([part] + (field.steps.isEmpty ? [] : [field.description]) + [message]).filter { !$0.isEmpty }
            .joined(separator: ": ")
    }
}

/// A configuration file, and what could not be said in it.
public struct GeneratedConfiguration: Sendable, Hashable {
    /// The file's content, its members in the order in which they are written; nil where a problem is fatal.
    public var json: JSON?
    /// What was left out, and why there is no file where there is none.
    public var problems: [ConfigProblem]
}
