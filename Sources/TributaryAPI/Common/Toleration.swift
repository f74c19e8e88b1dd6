import Kube

/// A taint that pods tolerate: `core/v1` Toleration.
public struct Toleration: Sendable, Hashable, Codable {
    /// The taint key.
    public var key: String?
    /// How the value is compared.
    public var `operator`: String?
    /// The taint value that operator Equal compares with.
    public var value: String?
    /// The taint effect.
    public var effect: String?
    /// How long, in seconds, a pod stays bound to a node with a NoExecute taint.
    public var tolerationSeconds: Int64?

    static func schema() -> Schema {
        .object([
            "key": .text("The taint key. An empty key with operator Exists matches every taint.", max: 317).with {
                $0.minLength = nil
            },
            "operator": .choice("How the value is compared. Defaults to Equal.", ["Equal", "Exists"]),
            "value": .string("The taint value that operator Equal compares with.").with { $0.maxLength = 63 },
            "effect": .choice(
                "The taint effect. If absent, every effect matches.", ["NoSchedule", "PreferNoSchedule", "NoExecute"]),
            "tolerationSeconds": .integer(
                "How long, in seconds, a pod stays bound to a node with a NoExecute taint.", format: "int64"),
        ])
    }
}
