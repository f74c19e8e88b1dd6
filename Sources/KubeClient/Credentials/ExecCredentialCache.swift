import Kube

/// Caches the credentials of an exec plugin until they expire or are refused.
///
/// Only one run of the plugin is in progress at a time. All callers that waited for it get its result or its error.
final class ExecCredentialCache: Sendable {
    typealias Run = @Sendable (ExecPlugin, [String: String]) async throws -> ExecCredential

    /// How long before they expire credentials are no longer used, so that they are still valid on arrival.
    private static let leeway = Duration.seconds(10)

    private struct State {
        var credential: ExecCredential?
        var runs = 0
        var failure: (any Error)?
    }

    private let plugin: ExecPlugin
    private let environment: [String: String]
    private let run: Run
    private let turns = CallLimiter(limit: 1)
    private let state: Locked<State> = Locked(State())

    init(_ plugin: ExecPlugin, environment: [String: String], run: @escaping Run = ExecRunner.run) {
        self.plugin = plugin
        self.environment = environment
        self.run = run
    }

    /// The valid credentials; runs the plugin if there are none.
    func current() async throws -> ExecCredential {
        if let credential = valid { return credential }
        return try await renew { self.valid }
    }

    /// Newer credentials than the refused ones.
    func refresh(after generation: Int) async throws -> ExecCredential {
        func newer() -> ExecCredential? {
            state.withLock { $0.credential }.flatMap { $0.generation > generation ? $0 : nil }
        }
        if let credential = newer() { return credential }
        return try await renew(newer)
    }

    private var valid: ExecCredential? {
        guard let credential = state.withLock({ $0.credential }) else { return nil }
        guard let end = credential.expires else { return credential }
        return Timestamp.now.advanced(by: Self.leeway) < end ? credential : nil
    }

    private func renew(_ known: () -> ExecCredential?) async throws -> ExecCredential {
        let before = state.withLock { $0.runs }
        return try await turns.run {
            if let credential = known() { return credential }
            // The plugin failed while this caller waited, and would fail again.
            let failure = state.withLock { $0.runs > before ? $0.failure : nil }
            if let failure { throw failure }
            do {
                var credential = try await run(plugin, environment)
                return state.withLock { state in
                    state.runs += 1
                    state.failure = nil
                    credential.generation = state.runs
                    state.credential = credential
                    return credential
                }
            } catch {
                if error is CancellationError { throw error }
                state.withLock { state in
                    state.runs += 1
                    state.failure = error
                }
                throw error
            }
        }
    }
}
