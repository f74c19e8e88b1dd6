public import Kube

/// The compute resources of a container: `core/v1` ResourceRequirements.
public struct ResourceRequirements: Sendable, Hashable, Codable {
    /// The minimum amount of each resource that is reserved for the container.
    public var requests: [String: IntOrString]?
    /// The maximum amount of each resource that the container may use.
    public var limits: [String: IntOrString]?

    /// The requirements as the `resources` of a container.
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
            .map(of: .quantity("A quantity, such as 100m or 64Mi."), description: description)
                .with { $0.maxProperties = 16 }
        }
        return .object(
            [
                "requests": amounts(
                    "The minimum amount of each resource that is reserved for the container, such as cpu and memory."),
                "limits": amounts(
                    "The maximum amount of each resource that the container may use, such as cpu and memory."),
            ], description: description)
    }
}
