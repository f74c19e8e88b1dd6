public import Kube

/// Something that a person should know about a custom resource: printed by `render`, an Event in a cluster.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
    /// How bad it is.
    public enum Severity: String, Sendable {
        /// What was asked for is not done.
        case error
        /// It is done, but perhaps not as meant.
        case warning
    }

    public var severity: Severity
    /// The custom resource that it is about.
    public var about: PlanKey
    /// The field that should change, where one can be named.
    public var field: FieldPath?
    /// A word in CamelCase that programs can rely on: the Event's reason and the condition's.
    public var reason: String
    /// What was found and what would be right, lower case, without the object's name.
    public var message: String

    /// An error.
    public static func error(_ about: PlanKey, _ field: String?, _ reason: String, _ message: String) -> Diagnostic {
        Diagnostic(
            severity: .error, about: about, field: field.map { FieldPath($0) }, reason: reason, message: message)
    }

    /// A warning.
    public static func warning(_ about: PlanKey, _ field: String?, _ reason: String, _ message: String) -> Diagnostic {
        Diagnostic(
            severity: .warning, about: about, field: field.map { FieldPath($0) }, reason: reason, message: message)
    }

    /// The message with its field: what a condition or an Event on the object itself says.
    public var text: String { field.map { "\($0): \(message)" } ?? message }

    public var description: String { "\(severity.rawValue): \(about): \(text)" }
}
