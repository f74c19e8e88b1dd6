/// A minor version of Thanos, as far as it decides which keys of the hashring file receivers read.
public struct ReceiverVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number before the first point.
    public var major: Int
    /// The number after it.
    public var minor: Int

    /// A version.
    public init(_ major: Int, _ minor: Int) { (self.major, self.minor) = (major, minor) }

    /// Reads a version such as `v0.34.1`; nil for any other text.
    public init?(_ text: String) {
        let numbers = (text.hasPrefix("v") ? text.dropFirst() : text[...]).split(separator: ".").map { Int($0) }
        guard numbers.count >= 2, let major = numbers[0], let minor = numbers[1] else { return nil }
        self.init(major, minor)
    }

    /// The version without a patch number, such as `0.34`.
    public var description: String { "\(major).\(minor)" }

    public static func < (left: ReceiverVersion, right: ReceiverVersion) -> Bool {
        (left.major, left.minor) < (right.major, right.minor)
    }

    /// What of hashring files not every version reads. Receivers ignore keys that they do not know.
    ///
    /// From `pkg/receive/config.go` of v0.31.0 to v0.42.0.
    public enum Feature: Sendable {
        /// Endpoints as objects, with a zone, instead of plain addresses.
        case endpointObjects
        /// `external_labels`.
        case externalLabels
        /// `tenant_matcher_type`.
        case tenantMatcher
        /// `shuffle_sharding_config`.
        case shuffleSharding

        /// The first version that reads it.
        public var since: ReceiverVersion {
            switch self {
            case .endpointObjects, .externalLabels: ReceiverVersion(0, 32)
            case .tenantMatcher: ReceiverVersion(0, 35)
            case .shuffleSharding: ReceiverVersion(0, 39)
            }
        }

        /// What an older version does instead, to follow its name.
        public var effect: String {
            switch self {
            case .endpointObjects: "reads endpoints as plain addresses only, and refuses the file"
            case .externalLabels: "ignores external labels, so that series lack them"
            case .tenantMatcher:
                "takes patterns for whole ids, so that no hashring serves the tenants that match them, or another one does"
            case .shuffleSharding: "ignores shuffle sharding, so that each tenant is on all receivers"
            }
        }
    }

    /// What is wrong with the use of a feature: a whole clause; nil if this version has it.
    public func problem(_ feature: Feature) -> String? {
        self < feature.since ? "Thanos \(self) \(feature.effect); \(feature.since) and later read it" : nil
    }
}
