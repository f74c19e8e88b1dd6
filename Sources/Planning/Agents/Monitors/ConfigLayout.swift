import Kube

/// In how many Secrets a configuration is: one for as long as it fits, else the jobs are in several beside it.
///
/// A job's part follows from its name alone, so that an edit rewrites one part. The number of parts takes three steps
/// only, since another number is another set of volumes, with which pods are made anew; and where there are more parts
/// than needed they stay until half the room would do.
struct ConfigLayout {
    /// What a Secret's values may have together is 1 MiB; some room is left for a job that grows.
    static let mostBytes = 900_000
    /// The numbers of parts.
    static let steps = [1, 64, 256]

    let jobs: [RenderedJob]
    /// The bytes of the configuration besides its jobs.
    let otherBytes: Int

    /// The number of parts, where there are `now` so many; nil where no number is enough.
    func parts(now: Int?) -> Int? {
        guard let least = Self.steps.first(where: { largest(of: $0) <= Self.mostBytes }) else { return nil }
        guard let now, now > least else { return least }
        let roomy = Self.steps.first { largest(of: $0) <= Self.mostBytes / 2 }
        return min(now, roomy ?? now)
    }

    /// The bytes of the largest part of so many.
    private func largest(of count: Int) -> Int {
        guard count > 1 else { return jobs.reduce(otherBytes) { $0 + $1.bytes } }
        var sizes = [Int](repeating: 0, count: count)
        for job in jobs { sizes[job.part(of: count)] += job.bytes }
        return max(otherBytes, sizes.max() ?? 0)
    }

    /// The jobs of each part, in their order.
    func jobs(in count: Int) -> [[RenderedJob]] {
        guard count > 1 else { return [jobs] }
        var parts = [[RenderedJob]](repeating: [], count: count)
        for job in jobs { parts[job.part(of: count)].append(job) }
        return parts
    }
}

extension RenderedJob {
    /// The bytes in the longest of the shards' files.
    var bytes: Int { texts.reduce(0) { max($0, $1.utf8.count) } }

    /// Which part of so many the job is in: by FNV-1a of its name, the same in every process.
    func part(of count: Int) -> Int { Int(place % UInt64(count)) }
}

/// A part of a configuration as it stands in a Secret, and what it was written of.
final class ConfigPart: Sendable {
    struct ID: Hashable {
        var shard: Int
        var parts: Int
        var index: Int
    }

    private let head: String
    private let jobs: [RenderedJob]
    private let tail: String
    /// The text in base 64, as a Secret has it.
    let encoded: String

    init(head: String, jobs: [RenderedJob], tail: String, shard: Int) {
        self.head = head
        self.jobs = jobs
        self.tail = tail
        var text = head
        if !jobs.isEmpty {
            text += "scrape_configs:\n"
            for job in jobs { text += job.text(shard) }
        }
        text += tail
        encoded = Base64.encode(text.utf8)
    }

    /// Whether the same would be written again.
    func holds(head: String, jobs: [RenderedJob], tail: String) -> Bool {
        self.head == head && self.tail == tail && self.jobs.count == jobs.count
            && zip(self.jobs, jobs).allSatisfy { $0 === $1 }
    }
}
