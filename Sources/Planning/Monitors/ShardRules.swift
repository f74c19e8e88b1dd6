import Kube

/// The relabel rules that make each shard keep its part of the targets.
///
/// As in prometheus-operator, a job that sets `__tmp_hash` is distributed by it instead of the address, and a target
/// with `__tmp_disable_sharding` is scraped by every shard.
struct ShardRules {
    var shard: Int
    var of: Int
    /// The label by whose hash targets are distributed.
    var source: String

    init(shard: Int, of count: Int, by source: String = "__address__") {
        self.shard = shard
        of = count
        self.source = source
    }

    /// A scrape configuration with the rules appended; unchanged if there is one shard.
    func adding(to job: JSON) -> JSON {
        guard of > 1 else { return job }
        var job = job
        job["relabel_configs"] = .array((job["relabel_configs"]?.array ?? []) + rules)
        return job
    }

    private var rules: [JSON] {
        [
            [
                "source_labels": [JSON(source), "__tmp_hash"], "target_label": "__tmp_hash", "regex": "(.+);",
                "replacement": "$1", "action": "replace",
            ],
            [
                "source_labels": ["__tmp_hash"], "target_label": "__tmp_hash", "modulus": JSON(of),
                "action": "hashmod",
            ],
            [
                "source_labels": ["__tmp_hash", "__tmp_disable_sharding"], "regex": JSON("\(shard);|.+;.+"),
                "action": "keep",
            ],
        ]
    }
}
