import Kube

extension RingContext {
    /// The rules about shuffle sharding: every shard can be taken from the ring and hold all copies.
    func shuffleShardingFindings() -> [Finding] {
        guard let sharding = ring.shuffleSharding else { return [] }
        let path = path.appending("shuffle_sharding_config")
        guard sharding.shardSize > 0 else {
            guard sharding.shardSize < 0 || !sharding.overrides.isEmpty else { return [] }
            return [
                finding(
                    .warning, path.appending("shard_size"),
                    "\(sharding.shardSize) switches shuffle sharding off, for the tenants of its overrides too; "
                        + "name a size or remove the overrides")
            ]
        }
        guard isKetama else {
            return [
                finding(
                    .error, path.appending("shard_size"),
                    "hashmod knows no shuffle sharding: receivers exit; remove it or use ketama")
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
                    "\(found): the override never applies; it should be exact or glob")
            ]
        }
        var findings = sizeFindings(sharding, override.shardSize, path.appending("shard_size"), isOverride: true)
        for (place, pattern) in override.tenants.enumerated() where matcher == .glob && GlobPattern(pattern) == nil {
            findings.append(
                finding(
                    .warning, path.appending("tenants").appending(place),
                    "\"\(pattern.printable)\" is no pattern: it matches no tenant; close its brackets and escapes"))
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
                "\(size) leaves these tenants no receiver: their requests fail or kill the receiver; name a size")
        }
        guard size <= count else {
            let effect = isOverride ? "these tenants' requests fail or kill the receiver" : "receivers exit"
            return error(
                "\(size) is more than the ring's \(counted(count, "endpoint")): \(effect); "
                    + "name a smaller size or add receivers")
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
                "without zone awareness, some tenants' \(counted(size, "receiver")) would be too unevenly spread over "
                    + "the zones for \(replicationFactor) copies: their requests hang; remove zone_awareness_disabled, name a "
                    + "larger size or even out the zones")
        }
        let perZone = Feasibility.perZone(shardSize: size, zones: zones.count)
        if let short = zones.filter({ $0.value < perZone }).min(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            return error(
                "\(size) needs \(perZone) in each of \(counted(zones.count, "zone")), and zone \"\(short.key.printable)\" has "
                    + "\(short.value): every request of these tenants fails; name a smaller size or add receivers there"
            )
        }
        guard perZone * zones.count >= replicationFactor else {
            return error(tooSmall(size))
        }
        return []
    }

    private func tooSmall(_ size: Int) -> String {
        "\(size) cannot hold \(replicationFactor) copies of each series: every request fails; name a larger size"
    }
}

extension Hashring {
    /// Why some tenants of this shuffle-sharded ring cannot have shards of a size of their own; nil where they can.
    public func shardProblem(_ size: Int, replicationFactor: Int) -> String? {
        guard let shuffleSharding else { return nil }
        let context = RingContext(
            ring: self, index: 0, replicationFactor: replicationFactor, algorithm: algorithm ?? .hashmod)
        return context.sizeFindings(shuffleSharding, size, FieldPath(), isOverride: true).first?.message
    }
}
