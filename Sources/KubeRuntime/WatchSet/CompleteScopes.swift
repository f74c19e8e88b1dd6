/// The scopes whose watches have shown everything there is, as of one moment.
///
/// Reading it takes no lock, so that it can be handed to code that runs under one.
public struct CompleteScopes<Scope: Hashable & Sendable>: Sendable, Hashable {
    /// Of one set of watches.
    private struct Part: Sendable, Hashable {
        var scopes: Set<Scope> = []
        /// How many watches have ended so far.
        var ended = 0
    }

    private var parts: [Part]

    /// Those of several sets of watches, always in the same order.
    public init(_ sets: [CompleteScopes]) { parts = sets.flatMap(\.parts) }

    /// No scope of one set of watches.
    init() { parts = [Part()] }

    /// Whether the watch of a scope has shown everything.
    public func contains(_ scope: Scope) -> Bool { parts.contains { $0.scopes.contains(scope) } }

    /// Whether no watch has ended between an earlier moment and this one: what was complete then still is.
    public func includes(_ earlier: CompleteScopes) -> Bool { parts.map(\.ended) == earlier.parts.map(\.ended) }

    mutating func insert(_ scope: Scope) { parts[0].scopes.insert(scope) }

    mutating func end(_ scope: Scope) {
        parts[0].scopes.remove(scope)
        parts[0].ended += 1
    }
}
