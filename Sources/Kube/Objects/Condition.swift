/// One aspect of the state of an object: `meta/v1` Condition.
public struct Condition: Sendable, Hashable, Codable {
    /// Whether a condition holds.
    public enum Status: String, Sendable, Codable {
        /// The condition holds.
        case `true` = "True"
        /// The condition does not hold.
        case `false` = "False"
        /// It is not known whether the condition holds.
        case unknown = "Unknown"
    }

    /// The type, such as `Ready`.
    public var type: String
    /// Whether the condition holds.
    public var status: Status
    /// The `metadata.generation` that the condition is based on.
    public var observedGeneration: Int64?
    /// When `status` last changed, in RFC 3339 and UTC. A change of only the reason or message does not count.
    public var lastTransitionTime: String?
    /// The reason as one word in CamelCase, for programs.
    public var reason: String
    /// The reason for people.
    public var message: String

    /// Creates a condition; ``Swift/Array/merging(_:now:)`` sets its transition time.
    public init(type: String, status: Status, observedGeneration: Int64? = nil, reason: String, message: String) {
        self.type = type
        self.status = status
        self.observedGeneration = observedGeneration
        self.reason = reason
        self.message = message
    }
}

extension [Condition] {
    /// Merges observed conditions into these; a condition keeps its transition time unless its status changed.
    ///
    /// `now` is in RFC 3339. Conditions of other types stay, in their place.
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
