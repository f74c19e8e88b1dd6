import Kube

/// When receivers join and leave a hashring.
public struct MembershipSpec: Sendable, Hashable, Codable {
    public var joinAfter: String?
    public var leaveAfter: String?
    public var minReplicas: Int?
    public var maxStep: Int?
    public var zone: ZoneSpec?

    static let schema = Schema.object(
        [
            "joinAfter": .duration(
                "How long a receiver must have been ready before it joins. Defaults to 0s: at once."),
            "leaveAfter": .duration(
                """
                How long a receiver may be unready before it leaves, so that a restart moves no series. Defaults to \
                5m. One that its StatefulSet no longer wants leaves at once.
                """),
            "minReplicas": .count(
                """
                The fewest members that the hashring is let shrink to; below, it keeps those it has, and the status \
                says so. Defaults to replicationFactor, and is never less.
                """, from: 1, to: 1000),
            "maxStep": .count(
                "How many members leave or join at most in one change of the file. Defaults to no bound.", from: 1,
                to: 1000),
            "zone": ZoneSpec.schema,
        ], description: "When receivers join and leave the hashring.")
}
