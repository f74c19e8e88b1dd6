public import Kube
public import PlanningInput

/// An error or a warning about a custom resource: a line of `render`, an Event in a cluster.
public struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
    public var severity: Severity
    /// The custom resource.
    public var about: PlanKey
    /// The field that should change; nil if no single field is wrong.
    public var field: FieldPath?
    /// The reason in CamelCase, for programs: of the Event and of the condition.
    public var reason: String
    /// What was found and what would be right, in lower case, without the object's name.
    public var message: String
    /// Whether it says what has just happened. The next plan does not repeat that, so it is reported at once.
    public var hasHappened = false

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

    /// A warning about something that has just happened.
    public static func happened(
        _ about: PlanKey, _ field: String?, _ reason: String, _ message: String
    ) -> Diagnostic {
        var diagnostic = Diagnostic.warning(about, field, reason, message)
        diagnostic.hasHappened = true
        return diagnostic
    }

    /// The error about a specification that is invalid by itself.
    static func invalidSpec(_ about: PlanKey, _ error: FieldError) -> Diagnostic {
        Diagnostic(severity: .error, about: about, field: error.path, reason: "InvalidSpec", message: error.problem)
    }

    /// The message with its field: the text of a condition or an Event on the object itself.
    public var text: String { field.map { "\($0): \(message)" } ?? message }

    public var description: String { "\(severity.rawValue): \(about): \(text)" }
}
