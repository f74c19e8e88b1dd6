public import Kube

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
