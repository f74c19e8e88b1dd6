import Kube

/// A monitor that is rejected because it is invalid.
public struct RejectedMonitor: Sendable, Hashable, Codable {
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
    public static let mostInStatus = 50

    /// Creates an entry for a rejected monitor.
    public init(kind: String, namespace: String, name: String, reason: String, message: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
        self.reason = reason
        self.message = message
    }

    static let listSchema = Schema.list(
        of: .object(
            [
                "kind": .text("The kind, such as ServiceMonitor.", max: 63),
                "namespace": .text("The namespace.", max: 63),
                "name": .text("The name.", max: 253),
                "reason": .text("The reason, as one word in CamelCase that programs can rely on.", max: 128),
                "message": .string("A human-readable message: the field, what was found and what would be valid.").with
                {
                    $0.maxLength = 1024
                },
            ], required: ["kind", "namespace", "name", "reason", "message"],
            description: "A monitor that is rejected."),
        max: mostInStatus,
        """
        The first of the monitors that are rejected because they are invalid. Events on these monitors \
        report the same.
        """
    )
}
