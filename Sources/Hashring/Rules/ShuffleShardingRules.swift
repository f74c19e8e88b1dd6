import Kube

extension HashringContext {
    /// The rules about shuffle sharding: every shard fits into the hashring and holds all copies.
    func shuffleShardingFindings() -> [Finding] {
        guard let sharding = ring.shuffleSharding else { return [] }
        let path = path.appending("shuffle_sharding_config")
        guard sharding.shardSize > 0 else {
            guard sharding.shardSize < 0 || !sharding.overrides.isEmpty else { return [] }
            return [
                finding(
                    .warning, path.appending("shard_size"),
                    "\(sharding.shardSize) disables shuffle sharding, also for the tenants of the overrides; "
                        + "set a size or remove the overrides")
            ]
        }
        guard isKetama else {
            return [
                finding(
                    .error, path.appending("shard_size"),
                    "hashmod does not support shuffle sharding: receivers exit; remove it or use ketama")
            ]
        }
        var findings = sizeFindings(sharding, sharding.shardSize, path.appending("shard_size"), isOverride: false)
        for (place, override) in sharding.overrides.enumerated() {
            findings += overrideFindings(sharding, override, path.appending("overrides").appending(place))
        }
        return findings
    }

    private func overrideFindings(
        _ sharding: ShuffleSharding, _ override: ShuffleSharding.Override, _ path: FieldPath
    ) -> [Finding] {
        guard let matcher = override.tenantMatcher, matcher == .exact || matcher == .glob else {
            let found = override.tenantMatcher.map { "\"\($0.rawValue.printable)\" is unknown" } ?? "is absent"
            return [
                finding(
                    .warning, path.appending("tenant_matcher_type"),
                    "\(found): the override never applies; should be exact or glob")
            ]
        }
        var findings = sizeFindings(sharding, override.shardSize, path.appending("shard_size"), isOverride: true)
        for (place, pattern) in override.tenants.enumerated() where matcher == .glob && GlobPattern(pattern) == nil {
            findings.append(
                finding(
                    .warning, path.appending("tenants").appending(place),
                    "\"\(pattern.printable)\" is not a valid pattern: it matches no tenant; close its brackets and "
                        + "escapes"
                ))
        }
        return findings
    }

    fileprivate func sizeFindings(
        _ sharding: ShuffleSharding, _ size: Int, _ path: FieldPath, isOverride: Bool
    ) -> [Finding] {
        func error(_ message: String) -> [Finding] { [finding(.error, path, message)] }
        let count = ring.endpoints.count
        guard size > 0 else {
            return error(
                "\(size) leaves these tenants without receivers: their requests fail or crash the receiver; set a size")
        }
        guard size <= count else {
            let effect = isOverride ? "requests of these tenants fail or crash the receiver" : "receivers exit"
            return error(
                "\(size) exceeds the hashring's \(counted(count, "endpoint")): \(effect); "
                    + "set a smaller size or add receivers")
        }
        let zones = Feasibility.zoneSizes(ring.endpoints)
        if sharding.isZoneAwarenessDisabled {
            guard size >= replicationFactor else {
                return error(tooSmall(size))
            }
            let least = Feasibility.leastCapacity(
                choosing: size, fromZones: zones.values.sorted(), atMost: replicationFactor)
            guard zones.count > 1, least < replicationFactor else { return [] }
            return error(
                "without zone awareness, the \(counted(size, "receiver")) of some tenants would be spread too "
                    + "unevenly over the zones for \(replicationFactor) copies: their requests hang; remove "
                    + "zone_awareness_disabled, set a larger size or even out the zones")
        }
        let perZone = Feasibility.perZone(shardSize: size, zones: zones.count)
        if let short = zones.filter({ $0.value < perZone }).min(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            return error(
                "\(size) needs \(counted(perZone, "receiver")) in each of \(counted(zones.count, "zone")), and zone "
                    + "\"\(short.key.printable)\" has \(short.value): every request of these tenants fails; set a "
                    + "smaller size or add receivers there"
            )
        }
        guard perZone * zones.count >= replicationFactor else {
            return error(tooSmall(size))
        }
        return []
    }

    private func tooSmall(_ size: Int) -> String {
        "\(size) cannot hold \(replicationFactor) copies of each series: every request fails; set a larger size"
    }
}

extension Hashring {
    /// Why tenants of this shuffle-sharded hashring cannot have shards of this size; nil if they can.
    public func shardProblem(_ size: Int, replicationFactor: Int) -> String? {
        guard let shuffleSharding else { return nil }
        let context = HashringContext(
            ring: self, index: 0, replicationFactor: replicationFactor, algorithm: algorithm ?? .hashmod)
        return context.sizeFindings(shuffleSharding, size, FieldPath(), isOverride: true).first?.message
    }
}
