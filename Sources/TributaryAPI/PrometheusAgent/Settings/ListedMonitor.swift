import Kube

/// A monitor that an agent's status names, and why.
public struct ListedMonitor: Sendable, Hashable, Codable {
    /// The kind, such as ServiceMonitor.
    public var kind: String
    /// The namespace.
    public var namespace: String
    /// The name.
    public var name: String
    /// The reason, as one word in CamelCase that programs can rely on.
    public var reason: String
    /// A human-readable message: the field, what was found and what would be valid.
    public var message: String

    /// The maximum number of rejected monitors in a status.
    public static let mostRejected = 50
    /// The maximum number of monitors without targets in a status.
    public static let mostWithoutTargets = 20

    static let rejectedSchema = listSchema(
        "A monitor that is rejected.", max: mostRejected,
        """
        The first of the monitors that are rejected because they are invalid. Events on these monitors \
        report the same.
        """)

    static let withoutTargetsSchema = listSchema(
        "A monitor without targets.", max: mostWithoutTargets,
        """
        The first of the monitors that are in the configuration and have had no targets for some minutes on any pod. \
        Events on these monitors report the same.
        """)

    private static func listSchema(_ element: String, max: Int, _ description: String) -> Schema {
        .list(
            of: .object(
                [
                    "kind": .text("The kind, such as ServiceMonitor.", max: 63),
                    "namespace": .text("The namespace.", max: 63),
                    "name": .text("The name.", max: 253),
                    "reason": .text("The reason, as one word in CamelCase that programs can rely on.", max: 128),
                    "message": .string("A human-readable message: the field, what was found and what would be valid.")
                        .with { $0.maxLength = 1024 },
                ], required: ["kind", "namespace", "name", "reason", "message"], description: element),
            max: max, description)
    }
}
