public import Kube

/// An integer or a string, as quantities are written.
public enum IntOrString: Sendable, Hashable, Codable {
    case int(Int64)
    case string(String)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else {
            self = .string(try container.decode(String.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .int(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        }
    }

    /// The value as JSON has it.
    public var json: JSON {
        switch self {
        case .int(let value): .int(value)
        case .string(let value): .string(value)
        }
    }

    /// The value as text.
    public var text: String {
        switch self {
        case .int(let value): String(value)
        case .string(let value): value
        }
    }
}

/// What a container asks for and may use at most: `core/v1` ResourceRequirements.
public struct ResourceRequirements: Sendable, Hashable, Codable {
    public var requests: [String: IntOrString]?
    public var limits: [String: IntOrString]?

    /// The value as it stands in a container.
    public var json: JSON {
        func map(_ values: [String: IntOrString]?) -> JSON {
            guard let values else { return .null }
            return .object(
                JSON.Members(uniqueKeysWithValues: values.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
        }
        let json: JSON = ["requests": map(requests), "limits": map(limits)]
        return json.droppingNulls
    }

    static func schema(_ description: String) -> Schema {
        func amounts(_ description: String) -> Schema {
            .map(of: .quantity("An amount, such as 100m or 64Mi."), description: description)
                .with { $0.maxProperties = 16 }
        }
        return .object(
            [
                "requests": amounts("What is set aside for the container, by resource, such as cpu and memory."),
                "limits": amounts("What the container may use at most, by resource, such as cpu and memory."),
            ], description: description)
    }
}

/// A persistent volume for each pod.
public struct StorageSpec: Sendable, Hashable, Codable {
    public var size: String
    public var className: String?

    /// The specification of a PersistentVolumeClaim for it.
    public var claim: JSON {
        var claim: JSON = [
            "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": JSON(size)]],
        ]
        if let className { claim["storageClassName"] = JSON(className) }
        return claim
    }

    static func schema(_ description: String) -> Schema {
        .object(
            [
                "size": .size("The volume's size, such as 100Gi."),
                "className": .objectName("The StorageClass. Defaults to the cluster's own default."),
            ], required: ["size"], description: description)
    }
}

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
