import Kube

/// The relabel rules by which each shard keeps its part of the targets.
///
/// As in prometheus-operator, a job that sets `__tmp_hash` spreads by that in the place of the address, and a target
/// with `__tmp_disable_sharding` is scraped by every shard.
struct ShardRules {
    var shard: Int
    var of: Int

    init(shard: Int, of count: Int) {
        self.shard = shard
        of = count
    }

    /// The configuration with the rules at the end of each job; as it was where there is one shard.
    func adding(to file: JSON) -> JSON {
        guard of > 1, let jobs = file["scrape_configs"]?.array else { return file }
        var file = file
        file["scrape_configs"] = .array(
            jobs.map { job in
                var job = job
                job["relabel_configs"] = .array((job["relabel_configs"]?.array ?? []) + rules)
                return job
            })
        return file
    }

    private var rules: [JSON] {
        [
            [
                "source_labels": ["__address__", "__tmp_hash"], "target_label": "__tmp_hash", "regex": "(.+);",
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
