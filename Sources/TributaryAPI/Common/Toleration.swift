public import Kube

/// A taint that pods put up with: `core/v1` Toleration.
public struct Toleration: Sendable, Hashable, Codable {
    public var key: String?
    public var `operator`: String?
    public var value: String?
    public var effect: String?
    public var tolerationSeconds: Int64?

    static func schema() -> Schema {
        .object([
            "key": .text("The taint's key. Empty with operator Exists matches every taint.", max: 317).with {
                $0.minLength = nil
            },
            "operator": .choice("How the value is compared. Defaults to Equal.", ["Equal", "Exists"]),
            "value": .string("The taint's value, with operator Equal.").with { $0.maxLength = 63 },
            "effect": .choice(
                "The taint's effect. Absent matches every effect.", ["NoSchedule", "PreferNoSchedule", "NoExecute"]),
            "tolerationSeconds": .integer("How long a NoExecute taint is put up with, in seconds.", format: "int64"),
        ])
    }
}
