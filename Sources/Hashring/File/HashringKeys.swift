import Kube

/// The keys of Thanos's hashring file.
enum HashringKeys {
    static let ring = [
        "hashring", "tenants", "tenant_matcher_type", "endpoints", "algorithm", "external_labels",
        "shuffle_sharding_config",
    ]
    static let endpoint = ["address", "capnproto_address", "az"]
    static let sharding = ["shard_size", "cache_size", "zone_awareness_disabled", "overrides"]
    static let override = ["shard_size", "tenants", "tenant_matcher_type"]

    /// What keys are called elsewhere.
    private static let renamed = [
        "zone": "az", "availability_zone": "az", "name": "hashring", "matcher": "tenant_matcher_type",
        "tenant_matcher": "tenant_matcher_type", "shuffle_sharding": "shuffle_sharding_config",
    ]

    /// The key that an unknown one was probably meant to be; nil if none is similar, as keys of newer versions are not.
    static func nearest(to key: String, among keys: [String]) -> String? {
        let folded = GoObjectReader.folded(key)
        if let known = renamed[folded], keys.contains(known) { return known }
        return Nearest.name(to: folded, among: keys)
    }
}
