public import Kube

/// What of an object of prometheus-operator's is not the same in ours, and what to do about it.
public struct ConversionFinding: Sendable, Hashable, CustomStringConvertible {
    /// What became of the field.
    public enum Effect: Sendable, Hashable {
        /// It is not in our object.
        case leftOut
        /// It is there in another form, or means something else.
        case changed
        /// Our API server refuses what it says.
        case refused
    }

    /// The field, in their object; most have the same name in ours.
    public var field: FieldPath
    public var effect: Effect
    /// What was found, lower case.
    public var what: String
    /// What to do, lower case.
    public var advice: String

    public var description: String { "\(field): \(what): \(advice)" }
}
