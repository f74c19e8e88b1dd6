import Kube

/// The number of Secrets for a configuration: one if it fits, otherwise several more with the jobs.
///
/// A job's part depends on its name alone, so that an edit rewrites one part. There are only three numbers of parts,
/// since another number means other volumes, for which pods are recreated. A larger number of parts than necessary is
/// kept until half the room would be enough.
struct ConfigLayout {
    /// The most bytes of a part. A Secret holds 1 MiB; the rest leaves room for jobs that grow.
    static let mostBytes = 900_000
    /// The possible numbers of parts.
    static let steps = [1, 64, 256]

    let jobs: [RenderedJob]
    /// The bytes of the configuration without its jobs.
    let otherBytes: Int

    /// The number of parts if there are `now` so many; nil if no number is enough.
    func parts(now: Int?) -> Int? {
        guard let least = Self.steps.first(where: { largest(of: $0) <= Self.mostBytes }) else { return nil }
        guard let now, now > least else { return least }
        let roomy = Self.steps.first { largest(of: $0) <= Self.mostBytes / 2 }
        return min(now, roomy ?? now)
    }

    /// The bytes of the largest of `count` parts.
    private func largest(of count: Int) -> Int {
        guard count > 1 else { return jobs.reduce(otherBytes) { $0 + $1.bytes } }
        var sizes = [Int](repeating: 0, count: count)
        for job in jobs { sizes[job.part(of: count)] += job.bytes }
        return max(otherBytes, sizes.max() ?? 0)
    }

    /// The jobs of each part, in order.
    func jobs(in count: Int) -> [[RenderedJob]] {
        guard count > 1 else { return [jobs] }
        var parts = [[RenderedJob]](repeating: [], count: count)
        for job in jobs { parts[job.part(of: count)].append(job) }
        return parts
    }
}

extension RenderedJob {
    /// The bytes of the longest text among the shards.
    var bytes: Int { texts.reduce(0) { max($0, $1.utf8.count) } }

    /// The index of the job's part among `count` parts. It depends on the FNV-1a hash of the name, which is the same in
    /// every process.
    func part(of count: Int) -> Int { Int(place % UInt64(count)) }
}
