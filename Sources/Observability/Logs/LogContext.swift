public import Logging

/// What the log lines of one task have in common, and those of what it calls.
public enum LogContext {
    @TaskLocal private static var metadata: Logger.Metadata = [:]

    /// Adds it to the lines of every logger that is bootstrapped with this provider.
    public static let provider = Logger.MetadataProvider { metadata }

    /// Gives the lines of one reconcile an id, so that they can be told from those of others that run at the same time,
    /// and of another try; and the key that is reconciled.
    public static func reconciling<Key: Sendable, Result>(
        _ key: Key, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
    ) async rethrows -> Result {
        let id = UInt64.random(in: .min ... .max)
        let digits = String(id, radix: 16)
        let padded = String(repeating: "0", count: 16 - digits.count) + digits
        return try await $metadata.withValue(
            ["reconcile_id": "\(padded)", "key": "\(key)"], operation: body, isolation: isolation)
    }
}
