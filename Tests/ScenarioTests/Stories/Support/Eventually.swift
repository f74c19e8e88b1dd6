import TestSupport

/// Waits until a condition is true. Checks it ten times a second, since each check may start a process.
func eventually(
    _ what: String, within limit: Duration = .seconds(40), _ condition: () async throws -> Bool
) async throws {
    try await waitUntil(what, within: limit) {
        if try await condition() { return true }
        try await Task.sleep(for: .milliseconds(100))
        return false
    }
}
