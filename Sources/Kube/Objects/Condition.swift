/// One aspect of an object's state: `meta/v1` Condition.
public struct Condition: Sendable, Hashable, Codable {
    /// Whether the condition holds, as the API writes it.
    public enum Status: String, Sendable, Codable {
        case `true` = "True"
        case `false` = "False"
        case unknown = "Unknown"
    }

    public var type: String
    public var status: Status
    public var observedGeneration: Int64?
    /// When `status` last changed, RFC 3339 in UTC; not touched when only reason or message change.
    public var lastTransitionTime: String?
    /// A word in CamelCase that programs can rely on.
    public var reason: String
    public var message: String

    /// A condition, its time of change left to ``Array/merging(_:now:)``.
    public init(type: String, status: Status, observedGeneration: Int64? = nil, reason: String, message: String) {
        self.type = type
        self.status = status
        self.observedGeneration = observedGeneration
        self.reason = reason
        self.message = message
    }
}

extension [Condition] {
    /// These conditions after an observation: each new one keeps the old time of change unless its status changed.
    ///
    /// `now` is RFC 3339. Conditions of other types are kept, in their place.
    public func merging(_ observed: [Condition], now: String) -> [Condition] {
        var result = self
        for var condition in observed {
            if let index = result.firstIndex(where: { $0.type == condition.type }) {
                let same = result[index].status == condition.status
                condition.lastTransitionTime = same ? result[index].lastTransitionTime ?? now : now
                result[index] = condition
            } else {
                condition.lastTransitionTime = now
                result.append(condition)
            }
        }
        return result
    }
}
