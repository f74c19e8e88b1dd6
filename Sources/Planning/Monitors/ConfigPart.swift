import Kube

/// A part of a configuration as stored in a Secret, with the inputs that it was written from.
final class ConfigPart: Sendable {
    struct ID: Hashable {
        var shard: Int
        var parts: Int
        var index: Int
    }

    private let head: String
    private let jobs: [RenderedJob]
    private let tail: String
    /// The text in base64, as stored in the Secret.
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

    /// Whether these inputs would give the same text.
    func holds(head: String, jobs: [RenderedJob], tail: String) -> Bool {
        self.head == head && self.tail == tail && self.jobs.count == jobs.count
            && zip(self.jobs, jobs).allSatisfy { $0 === $1 }
    }
}
