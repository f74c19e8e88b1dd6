public import Kube

/// A difference between prometheus-operator's object and Tributary's, and what to do about it.
public struct ConversionFinding: Sendable, Hashable, CustomStringConvertible {
    /// The effect of the conversion on the field.
    public enum Effect: Sendable, Hashable {
        /// Tributary's object does not have the field.
        case leftOut
        /// Tributary's object has it in another form, or with another meaning.
        case changed
        /// The API server refuses the value.
        case refused
    }

    /// The field in prometheus-operator's object. Most have the same name in Tributary's.
    public var field: FieldPath
    public var effect: Effect
    /// What was found, in lower case.
    public var what: String
    /// What to do, in lower case.
    public var advice: String

    public var description: String { "\(field): \(what): \(advice)" }
}
