import Kube

extension HashringContext {
    /// The rules about keys: Thanos ignores one that it does not know, and so a misspelt one.
    func keyFindings() -> [Finding] {
        var findings = misspelt(ring.remainder, HashringKeys.ring, at: path)
        for (place, endpoint) in ring.endpoints.enumerated() where !endpoint.remainder.isEmpty {
            findings += misspelt(
                endpoint.remainder, HashringKeys.endpoint, at: path.appending("endpoints").appending(place))
        }
        guard let sharding = ring.shuffleSharding else { return findings }
        let path = path.appending("shuffle_sharding_config")
        findings += misspelt(sharding.remainder, HashringKeys.sharding, at: path)
        for (place, override) in sharding.overrides.enumerated() where !override.remainder.isEmpty {
            findings += misspelt(
                override.remainder, HashringKeys.override, at: path.appending("overrides").appending(place))
        }
        return findings
    }

    private func misspelt(_ remainder: JSON.Members, _ keys: [String], at path: FieldPath) -> [Finding] {
        remainder.keys.compactMap { key in
            guard let nearest = HashringKeys.nearest(to: key, among: keys) else { return nil }
            return finding(
                .warning, path.appending(key),
                "is not a key that receivers know, so they ignore it\(effect(of: nearest)). Did you mean \"\(nearest)\"?"
            )
        }
    }

    /// What follows from the absence of a key that seems to be meant.
    private func effect(of key: String) -> String {
        switch key {
        case "tenants" where ring.isCatchAll: ": the hashring has no tenants and takes those of everybody"
        case "tenant_matcher_type" where ring.tenantMatcher == nil && !ring.isCatchAll:
            ": tenants are compared as whole ids"
        case "algorithm" where ring.algorithm == nil: ": the hashring has the algorithm of their flag"
        default: ""
        }
    }
}
