import Kube

/// What a credential plugin answered, kept until it ends or is refused.
///
/// The plugin runs once at a time; whoever waited meanwhile gets the same answer, or the same error.
final class ExecCredentials: Sendable {
    typealias Run = @Sendable (ExecPlugin, [String: String]) async throws -> ExecAnswer

    /// How long before its end an answer is not used any more: what is sent now must still be good when it arrives.
    private static let leeway = Duration.seconds(10)

    private struct State {
        var answer: ExecAnswer?
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

    /// The answer that is good now; runs the plugin if there is none.
    func current() async throws -> ExecAnswer {
        if let answer = valid { return answer }
        return try await renew { self.valid }
    }

    /// Another answer than the refused one.
    func refresh(after generation: Int) async throws -> ExecAnswer {
        func newer() -> ExecAnswer? { state.withLock { $0.answer }.flatMap { $0.generation > generation ? $0 : nil } }
        if let answer = newer() { return answer }
        return try await renew(newer)
    }

    private var valid: ExecAnswer? {
        guard let answer = state.withLock({ $0.answer }) else { return nil }
        guard let end = answer.expires else { return answer }
        return Timestamp.now.advanced(by: Self.leeway) < end ? answer : nil
    }

    private func renew(_ known: () -> ExecAnswer?) async throws -> ExecAnswer {
        let before = state.withLock { $0.runs }
        return try await turns.run {
            if let answer = known() { return answer }
            // It ran while we waited, and failed: it would again.
            let failure = state.withLock { $0.runs > before ? $0.failure : nil }
            if let failure { throw failure }
            do {
                var answer = try await run(plugin, environment)
                return state.withLock { state in
                    state.runs += 1
                    state.failure = nil
                    answer.generation = state.runs
                    state.answer = answer
                    return answer
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

/// What a plugin says: `client.authentication.k8s.io` ExecCredential's status.
struct ExecAnswer: Sendable {
    struct Pair: Sendable {
        var certificate: [UInt8]
        var key: Redacted<[UInt8]>
    }

    var token: Redacted<String>?
    var pair: Pair?
    var expires: Timestamp?
    /// Which run of the plugin it is from.
    var generation = 0

    /// Reads an ExecCredential. Throws ``KubeClientError`` that quotes nothing from it.
    init(_ json: JSON, _ plugin: ExecPlugin) throws(KubeClientError) {
        func fail(_ problem: String) -> KubeClientError {
            KubeClientError(.configuration, subject: plugin.subject, problem)
        }
        let kind = json["kind"]?.string ?? ""
        guard json.object != nil, kind == "ExecCredential" else {
            throw fail("found \(json.typeName) of kind \"\(kind.onOneLine(limit: 50))\", expected an ExecCredential")
        }
        let version = json["apiVersion"]?.string ?? ""
        guard version == plugin.apiVersion else {
            throw fail("found apiVersion \"\(version.onOneLine(limit: 100))\", expected \"\(plugin.apiVersion)\"")
        }
        let status = json["status"]
        if let text = status?["token"]?.string, !text.isEmpty { token = Redacted(text.trimmed) }
        let certificate = status?["clientCertificateData"]?.string ?? ""
        let key = status?["clientKeyData"]?.string ?? ""
        guard certificate.isEmpty == key.isEmpty else {
            throw fail("found only one of clientCertificateData and clientKeyData, expected both or none")
        }
        if !certificate.isEmpty {
            pair = Pair(certificate: Array(certificate.utf8), key: Redacted(Array(key.utf8)))
        }
        guard token != nil || pair != nil else {
            throw fail("found neither token nor client certificate in the ExecCredential's status")
        }
        if let text = status?["expirationTimestamp"]?.string, !text.isEmpty {
            guard let time = Timestamp(text) else {
                throw fail("found an expirationTimestamp that is not RFC 3339")
            }
            expires = time
        }
    }
}

extension ExecPlugin {
    /// What messages call it; arguments and environment may hold secrets.
    var subject: String { "exec plugin \"\(command)\"" }
}
