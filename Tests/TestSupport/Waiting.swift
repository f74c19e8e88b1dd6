/// A condition that did not come true in time.
public struct WaitingError: Error, CustomStringConvertible {
    public var description: String

    /// An error in words.
    public init(description: String) { self.description = description }
}

/// Waits until a condition holds, asking every few milliseconds; throws ``WaitingError`` when it takes too long.
public func waitUntil(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while try await !condition() {
        guard clock.now < end else { throw WaitingError(description: "waited \(limit) in vain: \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Waits until a value is there, and gives it.
public func waitFor<Value>(
    _ what: String, within limit: Duration = .seconds(60), _ value: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while true {
        if let found = try await value() { return found }
        guard clock.now < end else { throw WaitingError(description: "waited \(limit) in vain: \(what)") }
        try await Task.sleep(for: .milliseconds(5))
    }
}
