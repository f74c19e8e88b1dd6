/// A call took longer than its limit.
struct TimedOut: Error, CustomStringConvertible {
    var limit: Duration
    var description: String { "no answer within \(limit)" }
}

/// Runs a closure, and cancels it and throws ``TimedOut`` when it takes too long.
func withTimeout<Result: Sendable>(
    _ limit: Duration, _ time: TimeSource, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await time.sleep(limit)
            throw TimedOut(limit: limit)
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}
