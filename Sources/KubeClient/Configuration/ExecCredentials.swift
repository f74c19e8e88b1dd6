import Kube

/// What a credential plugin answered, kept until it ends or is refused.
final class ExecCredentials: Sendable {
    struct Pair: Sendable {
        var certificate: [UInt8]
        var key: Redacted<[UInt8]>
    }
    struct Answer: Sendable {
        var token: Redacted<String>?
        var pair: Pair?
        var expires: Timestamp?
        var generation = 0
    }

    init(_ plugin: ExecPlugin, environment: [String: String]) {}

    func current() async throws -> Answer { throw KubeClientError(.configuration, subject: "exec", "not there yet") }
    func refresh(after generation: Int) async throws -> Answer { try await current() }
}
