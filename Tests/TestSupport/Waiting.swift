/// A condition that did not become true in time, or cannot become true.
public struct WaitingError: Error, CustomStringConvertible {
    public var description: String

    /// Creates an error with a description.
    public init(description: String) { self.description = description }
}

/// Waits until a condition is true, and checks it every few milliseconds. Throws ``WaitingError`` after the limit.
public func waitUntil(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while try await !condition() {
        guard clock.now < end else {
            throw WaitingError(description: "\"\(what)\" did not become true within \(limit)")
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Waits until a value is not nil, and returns it. Throws ``WaitingError`` after the limit.
public func waitFor<Value>(
    _ what: String, within limit: Duration = .seconds(60), _ value: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while true {
        if let found = try await value() { return found }
        guard clock.now < end else {
            throw WaitingError(description: "\"\(what)\" did not become true within \(limit)")
        }
        try await Task.sleep(for: .milliseconds(5))
    }
}
