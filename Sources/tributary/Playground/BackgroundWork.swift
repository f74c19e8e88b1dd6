/// Does something while other work runs beside it, and returns its result. Cancels the other work at the end.
///
/// Work that ends first ends the rest: with its own error, or else with ``BackgroundWorkEnded``. Its error at the end is
/// thrown, too.
func withBackgroundWork<Result: Sendable>(
    _ name: String, _ work: @escaping @Sendable () async throws -> Void,
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            try await work()
            return nil
        }
        group.addTask { try await body() }
        guard let first = try await group.next(), let result = first else { throw BackgroundWorkEnded(name: name) }
        group.cancelAll()
        do {
            try await group.waitForAll()
        } catch is CancellationError {}
        return result
    }
}

/// Work that should run until it is cancelled has ended.
struct BackgroundWorkEnded: Error, CustomStringConvertible {
    var name: String
    var description: String { "\(name) has stopped unexpectedly" }
}
