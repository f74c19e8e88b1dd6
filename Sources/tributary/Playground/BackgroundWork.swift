/// Does something while other work runs beside it, and returns its result. Cancels the other work at the end.
func withBackgroundWork<Result: Sendable>(
    _ name: String, _ work: @escaping @Sendable () async throws -> Void,
    _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try? await work() }
        defer { group.cancelAll() }
        return try await body()
    }
}
