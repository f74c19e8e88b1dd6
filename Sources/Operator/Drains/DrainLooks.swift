/// What the looks at one shard's pods have found so far.
struct DrainLooks: Sendable {
    /// How many looks in a row must find a shard quiet before it is removed although not every queue has sent the newest
    /// sample: longer than the 15 s after which Prometheus reads its log without a notification.
    static let quietLooks = 5
    /// How many looks in a row must find a shard silent before that is reported: a pod that restarts takes a while.
    static let silentLooks = 3

    /// Whether all were done when they were asked last.
    private var wasDone = false
    /// How many looks in a row found them quiet, and how much they had read from their logs.
    private var quiet: (read: [Double], looks: Int)?
    /// How many looks in a row found a pod that did not say how far it is.
    private var silent = 0
    /// Whether it was reported that they say how far they are.
    private var isAnswering = false

    /// Takes in that a pod does not say how far it is; returns whether it is time to report that.
    mutating func takeSilence() -> Bool {
        wasDone = false
        quiet = nil
        silent += 1
        guard silent == Self.silentLooks else { return false }
        isAnswering = false
        return true
    }

    /// Takes in how far all pods are; returns whether everything is sent, and whether it is news that they say so.
    mutating func take(_ progress: [SendingProgress]) -> (isSent: Bool, isNews: Bool) {
        let isDone = progress.allSatisfy(\.isDone)
        defer {
            silent = 0
            wasDone = isDone
            isAnswering = true
        }
        let quietLooks = countQuiet(progress)
        // Twice in a row: between two batches a queue is empty as well.
        return (isDone && wasDone || quietLooks >= Self.quietLooks, !isAnswering)
    }

    /// How many looks in a row have found them quiet at the same place of their logs.
    private mutating func countQuiet(_ progress: [SendingProgress]) -> Int {
        guard progress.allSatisfy(\.isQuiet) else {
            quiet = nil
            return 0
        }
        let read = progress.map(\.read)
        let looks = quiet.map { $0.read == read ? $0.looks + 1 : 1 } ?? 1
        quiet = (read, looks)
        return looks
    }
}
