public import Kube

/// A monitor that is left out of an agent's configuration, and why.
public struct RejectedMonitor: Sendable, Hashable, Codable {
    public var kind: String
    public var namespace: String
    public var name: String
    public var reason: String
    public var message: String

    /// How many a status names at most.
    public static let mostInStatus = 50

    /// A monitor that is left out.
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
                "reason": .text("Why, as one word in CamelCase that programs can rely on.", max: 128),
                "message": .string("Which field, what was found and what would be right, for people.").with {
                    $0.maxLength = 1024
                },
            ], required: ["kind", "namespace", "name", "reason", "message"],
            description: "A monitor that is left out, and why."),
        max: mostInStatus,
        "The first of the monitors that are left out because something is wrong with them; Events on them say the same."
    )
}
