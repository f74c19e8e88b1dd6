public import Kube
public import OrderedCollections

/// One hashring of Thanos Receive: which tenants it serves and which receivers share their series.
///
/// The fields and their names are those of `pkg/receive/config.go` (Thanos 0.43); members that this version does not
/// know are kept and written again.
public struct Hashring: Sendable, Hashable {
    /// The name, `hashring`: a label of metrics; empty where there is none.
    public var name: String
    /// The tenants, exact ids or patterns as ``tenantMatcher`` says; a ring without any is the catch-all.
    public var tenants: [String]
    /// How all of ``tenants`` are compared; nil means exactly.
    public var tenantMatcher: TenantMatcher?
    /// The receivers.
    public var endpoints: [Endpoint]
    /// How series spread over the receivers; nil is what `--receive.hashrings-algorithm` says, `hashmod` by default.
    public var algorithm: Algorithm?
    /// The labels that the receivers' blocks of these tenants get, by exact tenant id.
    public var externalLabels: [String: String]
    /// How many of the receivers one tenant uses; nil or a shard size of 0 means all.
    public var shuffleSharding: ShuffleSharding?
    /// Members that this version does not know.
    public var remainder: JSON.Members

    /// A hashring.
    public init(
        name: String = "", tenants: [String] = [], tenantMatcher: TenantMatcher? = nil, endpoints: [Endpoint] = [],
        algorithm: Algorithm? = nil, externalLabels: [String: String] = [:], shuffleSharding: ShuffleSharding? = nil,
        remainder: JSON.Members = [:]
    ) {
        self.name = name
        self.tenants = tenants
        self.tenantMatcher = tenantMatcher
        self.endpoints = endpoints
        self.algorithm = algorithm
        self.externalLabels = externalLabels
        self.shuffleSharding = shuffleSharding
        self.remainder = remainder
    }

    /// Whether the ring serves every tenant that no ring before it serves.
    public var isCatchAll: Bool { tenants.isEmpty }

    /// Whether each tenant uses only some of the receivers.
    public var isShuffleSharded: Bool { (shuffleSharding?.shardSize ?? 0) > 0 }

    /// Whether the ring serves a tenant, as Thanos decides it; malformed patterns match nothing here.
    public func serves(_ tenant: String) -> Bool {
        if isCatchAll { return true }
        switch tenantMatcher {
        case nil, .exact: return tenants.contains { $0.utf8.elementsEqual(tenant.utf8) }
        case .glob: return tenants.contains { GlobPattern($0)?.matches(tenant) ?? false }
        default: return false
        }
    }
}

/// How tenants are compared: `tenant_matcher_type`.
public struct TenantMatcher: RawRepresentable, Sendable, Hashable {
    /// The name in the file.
    public var rawValue: String
    /// A matcher of any name: the file may have one that this version does not know.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// By the whole id.
    public static let exact = TenantMatcher(rawValue: "exact")
    /// By patterns, see ``GlobPattern``.
    public static let glob = TenantMatcher(rawValue: "glob")
}

/// How series spread over receivers: `algorithm`.
public struct Algorithm: RawRepresentable, Sendable, Hashable {
    /// The name in the file.
    public var rawValue: String
    /// An algorithm of any name: the file may have one that this version does not know.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// By the remainder of a hash: each change of the receivers moves nearly all series.
    public static let hashmod = Algorithm(rawValue: "hashmod")
    /// By consistent hashing, which moves few series and knows zones.
    public static let ketama = Algorithm(rawValue: "ketama")
}

/// A receiver of a hashring.
public struct Endpoint: Sendable, Hashable {
    /// The gRPC address, `host:port`.
    public var address: String
    /// The Cap'n Proto address; nil is the address's host with port 19391.
    public var capnprotoAddress: String?
    /// The availability zone; nil where zones do not count.
    public var zone: String?
    /// Members that this version does not know.
    public var remainder: JSON.Members

    /// A receiver.
    public init(
        address: String, capnprotoAddress: String? = nil, zone: String? = nil, remainder: JSON.Members = [:]
    ) {
        self.address = address
        self.capnprotoAddress = capnprotoAddress
        self.zone = zone
        self.remainder = remainder
    }
}

/// How many receivers one tenant uses: `shuffle_sharding_config`.
public struct ShuffleSharding: Sendable, Hashable {
    /// A shard size for some tenants.
    public struct Override: Sendable, Hashable {
        /// How many receivers these tenants use.
        public var shardSize: Int
        /// The tenants.
        public var tenants: [String]
        /// How they are compared; Thanos passes over an override that does not say so.
        public var tenantMatcher: TenantMatcher?
        /// Members that this version does not know.
        public var remainder: JSON.Members

        /// An override.
        public init(
            shardSize: Int, tenants: [String], tenantMatcher: TenantMatcher? = .exact, remainder: JSON.Members = [:]
        ) {
            self.shardSize = shardSize
            self.tenants = tenants
            self.tenantMatcher = tenantMatcher
            self.remainder = remainder
        }
    }

    /// How many receivers a tenant uses; 0 switches shuffle sharding off, and then overrides do nothing.
    public var shardSize: Int
    /// How many tenants' shards are kept worked out; 0 or less is 100.
    public var cacheSize: Int?
    /// Whether shards are taken without regard to zones.
    public var isZoneAwarenessDisabled: Bool
    /// Shard sizes for some tenants; the first that fits counts.
    public var overrides: [Override]
    /// Members that this version does not know.
    public var remainder: JSON.Members

    /// Shuffle sharding.
    public init(
        shardSize: Int, cacheSize: Int? = nil, isZoneAwarenessDisabled: Bool = false, overrides: [Override] = [],
        remainder: JSON.Members = [:]
    ) {
        self.shardSize = shardSize
        self.cacheSize = cacheSize
        self.isZoneAwarenessDisabled = isZoneAwarenessDisabled
        self.overrides = overrides
        self.remainder = remainder
    }
}
