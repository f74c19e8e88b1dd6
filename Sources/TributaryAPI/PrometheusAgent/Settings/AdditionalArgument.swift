import Kube

/// An additional command-line argument of Prometheus: prometheus-operator's Argument.
public struct AdditionalArgument: Sendable, Hashable, Codable {
    /// The name of the argument, without leading dashes.
    public var name: String
    /// The value of the argument.
    public var value: String?

    static let schema = Schema.object(
        [
            "name": .text("The name of the argument, without leading dashes.", pattern: "^[a-z][-a-z0-9._]*$"),
            "value": .string("The value of the argument. Absent for a flag without a value.").with {
                $0.maxLength = 4096
            },
        ], required: ["name"])
}
