import Kube

/// When receivers join and leave a hashring.
public struct MembershipSpec: Sendable, Hashable, Codable {
    /// How long a receiver must be ready before it joins.
    public var joinAfter: String?
    /// How long a receiver may be unready before it leaves, so that a restart does not move series.
    public var leaveAfter: String?
    /// The minimum number of members.
    public var minReplicas: Int?
    /// The maximum number of members that join or leave in one change of the file.
    public var maxStep: Int?
    /// The largest share of the series of the hashring that one change of its members may move, such as `40%`.
    public var maxMove: String?
    /// Spreads the copies of each sample over availability zones.
    public var zone: ZoneSpec?

    /// ``maxMove`` as a fraction from 0 to 1; nil means no limit.
    public var largestMove: Double? {
        guard let maxMove, maxMove.hasSuffix("%"), let percent = Int(maxMove.dropLast()), (0...100).contains(percent)
        else {
            return nil
        }
        return Double(percent) / 100
    }

    static let schema = Schema.object(
        [
            "joinAfter": .duration(
                "How long a receiver must be ready before it joins. Defaults to 0s."),
            "leaveAfter": .duration(
                """
                How long a receiver may be unready before it leaves, so that a restart does not move series. A \
                receiver that its StatefulSet no longer requests leaves immediately. Defaults to 5m.
                """),
            "minReplicas": .count(
                """
                The minimum number of members. If fewer receivers are available, the hashring keeps its members, \
                and the status reports this. Defaults to replicationFactor, which is also the lower bound.
                """, from: 1, to: 1000),
            "maxStep": .count(
                "The maximum number of members that join or leave in one change of the file. Defaults to no limit.",
                from: 1,
                to: 1000),
            "maxMove": .text(
                """
                The largest share of the series of the hashring that one change of its members may move to other \
                receivers, such as 40%. A change that moves more waits until the annotation \
                tributary.dev/allow-move of the GlobalView names it, as the status says, or until it has shrunk. \
                The first members of a hashring never wait. Defaults to no limit.
                """, pattern: "^([0-9]|[1-9][0-9]|100)%$"),
            "zone": ZoneSpec.schema,
        ], description: "When receivers join and leave the hashring.")
}
