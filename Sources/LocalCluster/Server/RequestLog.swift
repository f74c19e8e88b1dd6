/// The latest requests. It drops the oldest half when it is full.
struct RequestLog: Sendable {
    /// The requests, in order.
    private(set) var records: [RequestRecord] = []
    private static let limit = 20_000

    /// Adds a request, without its body.
    mutating func add(_ record: RequestRecord) {
        var record = record
        record.body = []
        if records.count >= Self.limit { records.removeFirst(Self.limit / 2) }
        records.append(record)
    }
}
