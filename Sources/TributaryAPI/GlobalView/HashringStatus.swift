public import Kube

/// What the operator says of one hashring.
public struct HashringStatus: Sendable, Hashable, Codable {
    public var name: String
    public var members: Int?
    public var desired: Int?
    public var hash: String?
    public var pending: [PendingMember]?
    public var older: [OlderReceiver]?
    public var unknown: Int?

    static let schema = Schema.object(
        [
            "name": .text("The hashring's name."),
            "members": .count("How many receivers the published file names."),
            "desired": .count("How many receivers the StatefulSets want."),
            "hash": .string("The beginning of the SHA-256 of the published ring, in hexadecimal."),
            "pending": .list(
                of: PendingMember.schema, max: 100,
                "Receivers that are not what is wanted yet: waiting to join, waiting to leave, or held."),
            "older": .list(
                of: OlderReceiver.schema, max: 100,
                "Receivers that have had an older file than the published one for more than a few seconds."),
            "unknown": .count("How many receivers do not say which file they have."),
        ], required: ["name"])
}

/// A receiver that is on its way into a hashring or out of it.
public struct PendingMember: Sendable, Hashable, Codable {
    public var pod: String
    public var reason: String?
    public var since: String?

    static let schema = Schema.object(
        [
            "pod": .text("The receiver's pod."),
            "reason": .string("What it waits for, as one word in CamelCase."),
            "since": .string("Since when it waits.").with { $0.format = "date-time" },
        ], required: ["pod"])
}

/// A receiver that runs with an older hashring file.
public struct OlderReceiver: Sendable, Hashable, Codable {
    public var pod: String
    public var hash: String?
    public var reason: String?

    static let schema = Schema.object(
        [
            "pod": .text("The receiver's pod."),
            "hash": .string("The beginning of the SHA-256 of the file that it has, in hexadecimal."),
            "reason": .string(
                "OlderFile where the new one has not arrived, FileRefused where the receiver will not have it."),
        ], required: ["pod"])
}
