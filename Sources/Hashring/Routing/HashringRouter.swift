import Crypto
import Kube

/// Why no receiver would get a tenant's series.
public struct RoutingError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, lower case, on one line.
    public var description: String
    /// Whether the reason is that no hashring serves the tenant.
    public var isUnserved = false
}

/// Where a tenant's series go.
public struct Route: Sendable {
    /// The place of the hashring in the file, from 0.
    public let index: Int
    /// The hashring.
    public let ring: Hashring
    /// The algorithm that receivers use for it; they use hashmod for an unknown one.
    public let algorithm: Algorithm
    /// The receivers over which the tenant's series are spread: those of the hashring or of the tenant's shard.
    public let endpoints: [Endpoint]
    private let placement: Placement
    private let replicationFactor: Int

    fileprivate enum Placement: Sendable {
        case ketama(KetamaRing)
        case hashmod
    }

    fileprivate init(
        index: Int, ring: Hashring, algorithm: Algorithm, endpoints: [Endpoint], placement: Placement,
        replicationFactor: Int
    ) {
        self.index = index
        self.ring = ring
        self.algorithm = algorithm
        self.endpoints = endpoints
        self.placement = placement
        self.replicationFactor = replicationFactor
    }

    /// The receivers of the copies of a series, in the order of the copies.
    public func copies(of series: SeriesLabels, tenant: String) -> [Endpoint] {
        copies(forHash: series.hash(tenant: tenant)).map { endpoints[$0] }
    }

    /// The same for a hash of a series, as indices of ``endpoints``.
    func copies(forHash hash: UInt64) -> [Int] {
        switch placement {
        case .ketama(let ring): return ring.copies(forHash: hash) ?? []
        case .hashmod:
            let count = UInt64(endpoints.count)
            return (0..<replicationFactor).map { Int((hash &+ UInt64($0)) % count) }
        }
    }
}

/// Finds the receivers of tenants' series in a hashring file, by the hash of Thanos.
public struct HashringRouter {
    private let file: HashringFile
    private let replicationFactor: Int
    private let defaultAlgorithm: Algorithm
    private var rings: [Int: KetamaRing] = [:]

    /// The most receivers of a hashring; the points of more would fill the memory.
    static let maximumEndpoints = 10_000

    /// A router; `replicationFactor` and `defaultAlgorithm` are the receivers' flags. A replication factor below 1
    /// counts as 1.
    public init(_ file: HashringFile, replicationFactor: Int, defaultAlgorithm: Algorithm = .hashmod) {
        self.file = file
        self.replicationFactor = max(1, replicationFactor)
        self.defaultAlgorithm = defaultAlgorithm
    }

    /// The route of a tenant's series; throws ``RoutingError`` if there is none.
    public mutating func route(tenant: String) throws(RoutingError) -> Route {
        for (index, ring) in file.rings.enumerated() {
            if ring.tenantMatcher == .glob, let pattern = ring.tenants.first(where: { GlobPattern($0) == nil }) {
                throw fault(
                    index,
                    "\"\(pattern.printable)\" is not a valid pattern: requests that reach this hashring sometimes fail")
            }
            if ring.serves(tenant) { return try route(tenant, index) }
        }
        throw RoutingError(
            description: "no hashring serves tenant \"\(tenant.printable)\": its requests fail", isUnserved: true)
    }

    private func fault(_ index: Int, _ message: String) -> RoutingError {
        RoutingError(
            description: "hashring \"\(HashringContext.label(file.rings[index], index).printable)\": \(message)")
    }

    private mutating func route(_ tenant: String, _ index: Int) throws(RoutingError) -> Route {
        let ring = file.rings[index]
        guard ring.endpoints.count <= Self.maximumEndpoints else {
            throw fault(index, "\(ring.endpoints.count) endpoints exceed the supported \(Self.maximumEndpoints)")
        }
        guard (ring.algorithm ?? defaultAlgorithm) == .ketama else { return try hashmodRoute(ring, index) }
        let whole = try ketamaRing(index)
        guard ring.isShuffleSharded, let sharding = ring.shuffleSharding else {
            return Route(
                index: index, ring: ring, algorithm: .ketama, endpoints: ring.endpoints, placement: .ketama(whole),
                replicationFactor: replicationFactor)
        }
        let shard = try shard(of: whole, sharding, tenant, index)
        try check(shard, index, "the tenant's shard")
        return Route(
            index: index, ring: ring, algorithm: .ketama, endpoints: shard,
            placement: .ketama(KetamaRing(shard, replicationFactor: replicationFactor)),
            replicationFactor: replicationFactor)
    }

    private func hashmodRoute(_ ring: Hashring, _ index: Int) throws(RoutingError) -> Route {
        guard ring.endpoints.allSatisfy({ $0.zone == nil }), !ring.isShuffleSharded else {
            throw fault(index, "hashmod supports neither zones nor shuffle sharding: receivers exit")
        }
        guard ring.endpoints.count >= replicationFactor else {
            throw fault(index, tooFew(ring.endpoints, "the hashring"))
        }
        let sorted = ring.endpoints.sorted { $0.address.utf8.lexicographicallyPrecedes($1.address.utf8) }
        return Route(
            index: index, ring: ring, algorithm: .hashmod, endpoints: sorted, placement: .hashmod,
            replicationFactor: replicationFactor)
    }

    private mutating func ketamaRing(_ index: Int) throws(RoutingError) -> KetamaRing {
        if let ring = rings[index] { return ring }
        try check(file.rings[index].endpoints, index, "the hashring")
        let ring = KetamaRing(file.rings[index].endpoints, replicationFactor: replicationFactor)
        rings[index] = ring
        return ring
    }

    private func tooFew(_ endpoints: [Endpoint], _ what: String) -> String {
        "\(what) has \(counted(endpoints.count, "endpoint")), too few for replication factor \(replicationFactor)"
    }

    private func check(_ endpoints: [Endpoint], _ index: Int, _ what: String) throws(RoutingError) {
        guard endpoints.count >= replicationFactor else { throw fault(index, tooFew(endpoints, what)) }
        guard Feasibility.holds(endpoints, replicationFactor: replicationFactor) else {
            throw fault(index, "the zones of \(what) are too uneven for \(replicationFactor) copies: receivers hang")
        }
    }

    // MARK: - Shuffle sharding

    /// The receivers of a hashring that a tenant uses.
    private func shard(
        of ring: KetamaRing, _ sharding: ShuffleSharding, _ tenant: String, _ index: Int
    ) throws(RoutingError) -> [Endpoint] {
        let size = sharding.size(forTenant: tenant)
        guard size > 0 else { throw fault(index, "the tenant's shard size is \(size): its requests fail") }
        let isZoned = !sharding.isZoneAwarenessDisabled
        let zones = Dictionary(grouping: ring.endpoints.indices) { isZoned ? ring.endpoints[$0].zone ?? "" : "" }
        let perZone = Feasibility.perZone(shardSize: size, zones: zones.count)
        var chosen: [Int] = []
        for (zone, members) in zones.sorted(by: { $0.key < $1.key }) {
            guard perZone <= members.count else {
                let place = zone.isEmpty ? "the hashring" : "zone \"\(zone.printable)\""
                throw fault(
                    index, "a shard of \(size) needs \(perZone) endpoints of \(place), which has \(members.count)")
            }
            var identity = Array(tenant.utf8)
            if !zone.isEmpty { identity += [0] + Array(zone.utf8) }
            guard let digest = MD5.digest(identity) else {
                throw RoutingError(description: "shards cannot be computed: OpenSSL has no MD5, as in FIPS mode")
            }
            let seed = digest.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            chosen += ring.choose(perZone, seed: Int64(bitPattern: seed), among: Set(members))
        }
        return chosen.map { ring.endpoints[$0] }
    }
}

extension ShuffleSharding {
    /// How many receivers a tenant uses, by the first override that matches it.
    public func size(forTenant tenant: String) -> Int {
        let fitting = overrides.first { override in
            switch override.tenantMatcher {
            case .exact: override.tenants.contains { $0.utf8.elementsEqual(tenant.utf8) }
            case .glob: override.tenants.contains { GlobPattern($0)?.matches(tenant) ?? false }
            default: false
            }
        }
        return fitting?.shardSize ?? shardSize
    }
}
