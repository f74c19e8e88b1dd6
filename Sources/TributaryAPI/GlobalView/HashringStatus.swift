import Kube

/// The observed state of a hashring.
public struct HashringStatus: Sendable, Hashable, Codable {
    /// The name of the hashring.
    public var name: String
    /// The number of receivers in the published file.
    public var members: Int?
    /// The number of receivers that the StatefulSets request.
    public var desired: Int?
    /// The beginning of the SHA-256 of the published hashring, in hexadecimal.
    public var hash: String?
    /// Receivers that are about to join, about to leave, or kept although they should leave.
    public var pending: [PendingMember]?
    /// Receivers that have used a file older than the published one for more than a few seconds.
    public var older: [OlderReceiver]?
    /// The number of receivers that do not report which file they use.
    public var unknown: Int?

    static let schema = Schema.object(
        [
            "name": .text("The name of the hashring."),
            "members": .count("The number of receivers in the published file."),
            "desired": .count("The number of receivers that the StatefulSets request."),
            "hash": .string("The beginning of the SHA-256 of the published hashring, in hexadecimal."),
            "pending": .list(
                of: PendingMember.schema, max: 100,
                "Receivers that are about to join, about to leave, or kept although they should leave."),
            "older": .list(
                of: OlderReceiver.schema, max: 100,
                "Receivers that have used a file older than the published one for more than a few seconds."),
            "unknown": .count("The number of receivers that do not report which file they use."),
        ], required: ["name"])
}

/// A receiver that is about to join or leave a hashring.
public struct PendingMember: Sendable, Hashable, Codable {
    /// The pod of the receiver.
    public var pod: String
    /// What the receiver waits for, as one word in CamelCase.
    public var reason: String?
    /// The time when the receiver started to wait.
    public var since: String?

    static let schema = Schema.object(
        [
            "pod": .text("The pod of the receiver."),
            "reason": .string("What the receiver waits for, as one word in CamelCase."),
            "since": .string("The time when the receiver started to wait.").with { $0.format = "date-time" },
        ], required: ["pod"])
}

/// A receiver that uses an older hashring file than the published one.
public struct OlderReceiver: Sendable, Hashable, Codable {
    /// The pod of the receiver.
    public var pod: String
    /// The beginning of the SHA-256 of the file that the receiver uses, in hexadecimal.
    public var hash: String?
    /// OlderFile if the new file has not arrived; FileRefused if the receiver rejects it.
    public var reason: String?

    static let schema = Schema.object(
        [
            "pod": .text("The pod of the receiver."),
            "hash": .string("The beginning of the SHA-256 of the file that the receiver uses, in hexadecimal."),
            "reason": .string(
                "OlderFile if the new file has not arrived; FileRefused if the receiver rejects it."),
        ], required: ["pod"])
}
