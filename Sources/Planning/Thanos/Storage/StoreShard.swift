import Kube
import PrometheusConfig
import TributaryAPI

/// The blocks that one StatefulSet of Store Gateways serves.
struct StoreShard: Hashable {
    /// How old the oldest samples are, as Prometheus writes durations; nil for no bound.
    var oldest: String?
    /// How old the newest samples are; nil for no bound.
    var newest: String?
    /// Which of so many parts of the blocks of those ages.
    var part = 0
    var parts = 1

    /// All shards, those with the newest samples first.
    ///
    /// Bounds are ages, which Thanos turns into times at each request. So no shard loses a block before the next one has
    /// it, and the overlap covers shards that have not yet seen a block.
    static func all(_ spec: ThanosStoreSpec) -> [StoreShard] {
        let ages = (spec.splitByAge ?? []).compactMap { PrometheusDuration($0)?.milliseconds }
        let bounds = Set(ages.filter { $0 > 0 }).sorted()
        let overlap = PrometheusDuration(spec.overlap ?? "2w")?.milliseconds ?? 0
        let parts = spec.hashShards ?? 1
        return (0...bounds.count).flatMap { index in
            let oldest = index < bounds.count ? text(bounds[index].addingReportingOverflow(overlap)) : nil
            let newest = index > 0 ? text((bounds[index - 1], false)) : nil
            return (0..<parts).map { StoreShard(oldest: oldest, newest: newest, part: $0, parts: parts) }
        }
    }

    private static func text(_ sum: (partialValue: Int64, overflow: Bool)) -> String? {
        sum.overflow ? nil : "\(sum.partialValue / 1000)s"
    }

    /// The arguments of a Store Gateway that serves these blocks and no others.
    var arguments: [String] {
        var arguments: [String] = []
        if let oldest { arguments.append("--min-time=-\(oldest)") }
        if let newest { arguments.append("--max-time=-\(newest)") }
        guard parts > 1 else { return arguments }
        let rules: JSON = [
            [
                "action": "hashmod", "source_labels": ["__block_id"], "target_label": "shard",
                "modulus": JSON(parts),
            ],
            ["action": "keep", "source_labels": ["shard"], "regex": JSON("\(part)")],
        ]
        return arguments + ["--selector.relabel-config=\(rules.text())"]
    }
}
