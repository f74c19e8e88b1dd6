public import Kube
public import OrderedCollections

/// One hashring of Thanos Receive: which tenants it serves and which receivers share their series.
///
/// The fields and their names are those of `pkg/receive/config.go` (Thanos 0.43). Members that this version does not
/// know are preserved.
public struct Hashring: Sendable, Hashable {
    /// The name, `hashring`: a label of metrics; empty if there is none.
    public var name: String
    /// The tenants: exact ids, or patterns if ``tenantMatcher`` is glob. A hashring without tenants is the catch-all.
    public var tenants: [String]
    /// How all of ``tenants`` are compared; nil compares whole ids.
    public var tenantMatcher: TenantMatcher?
    /// The receivers.
    public var endpoints: [Endpoint]
    /// How series are spread over the receivers; nil uses `--receive.hashrings-algorithm`, which defaults to `hashmod`.
    public var algorithm: Algorithm?
    /// The external labels of the tenants' blocks, by exact tenant id.
    public var externalLabels: [String: String]
    /// How many of the receivers each tenant uses; nil or a shard size of 0 means all.
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

    /// Whether the hashring serves every tenant that no hashring before it serves.
    public var isCatchAll: Bool { tenants.isEmpty }

    /// Whether each tenant uses only some of the receivers.
    public var isShuffleSharded: Bool { (shuffleSharding?.shardSize ?? 0) > 0 }

    /// Whether the hashring serves a tenant, as Thanos decides it. Malformed patterns match nothing here.
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
    /// A matcher of any name, as the file may have one that this version does not know.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// By the whole id.
    public static let exact = TenantMatcher(rawValue: "exact")
    /// By patterns, see ``GlobPattern``.
    public static let glob = TenantMatcher(rawValue: "glob")
}

/// How series are spread over receivers: `algorithm`.
public struct Algorithm: RawRepresentable, Sendable, Hashable {
    /// The name in the file.
    public var rawValue: String
    /// An algorithm of any name, as the file may have one that this version does not know.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// By the remainder of a hash. Each change of the receivers moves nearly all series.
    public static let hashmod = Algorithm(rawValue: "hashmod")
    /// By consistent hashing, which moves few series and supports zones.
    public static let ketama = Algorithm(rawValue: "ketama")
}

/// A receiver of a hashring.
public struct Endpoint: Sendable, Hashable {
    /// The gRPC address, `host:port`.
    public var address: String
    /// The Cap'n Proto address; nil means the host of the address with port 19391.
    public var capnprotoAddress: String?
    /// The availability zone; nil without zones.
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
        /// How they are compared; Thanos ignores an override without it.
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

    /// How many receivers a tenant uses; 0 disables shuffle sharding together with its overrides.
    public var shardSize: Int
    /// How many tenants' shards are cached; 0 or less means 100.
    public var cacheSize: Int?
    /// Whether shards ignore zones.
    public var isZoneAwarenessDisabled: Bool
    /// Shard sizes for some tenants; the first that matches a tenant applies.
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
