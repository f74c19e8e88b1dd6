import Glibc
import Kube

/// The credentials of this client for a cluster: read from their source, cached, and renewed when refused.
final class ClusterCredentials: Sendable {
    private struct State {
        var authorities: CachedSource?
        var clientCertificate: CachedSource?
        var clientKey: CachedSource?
        var token: CachedSource?
        var connection: ConnectionSettings?
        var generation = 0

        mutating func forget() {
            authorities?.forget()
            clientCertificate?.forget()
            clientKey?.forget()
            token?.forget()
        }
    }

    private let cluster: ClusterConfiguration
    private let state: Locked<State>
    private let exec: ExecCredentialCache?
    private let clock: @Sendable () -> ContinuousClock.Instant

    init(_ cluster: ClusterConfiguration, clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.cluster = cluster
        self.clock = clock
        var state = State()
        state.authorities = cluster.authorities.map { CachedSource($0, of: "certificate authority") }
        state.clientCertificate = cluster.clientCertificate.map { CachedSource($0, of: "client certificate") }
        state.clientKey = cluster.clientKey.map { CachedSource($0, of: "client key") }
        if case .tokenFile(let path) = cluster.authentication { state.token = CachedSource(.file(path), of: "token") }
        self.state = Locked(state)
        if case .exec(let plugin) = cluster.authentication {
            exec = ExecCredentialCache(plugin, environment: cluster.environment)
        } else {
            exec = nil
        }
    }

    /// The credentials for the next attempt. Throws `KubeClientError` if they cannot be read.
    func current() async throws -> RequestCredential {
        guard let exec else {
            return try state.withLock { state in try make(&state, authorization: nil, pair: nil) }
        }
        let known = try await exec.current()
        return try state.withLock { state in
            var credential = try make(&state, authorization: known.token, pair: known.pair)
            credential.generation = known.generation
            return credential
        }
    }

    /// Reads all files again for the next attempt.
    func forgetFiles() { state.withLock { $0.forget() } }

    /// Renews credentials that the server refused; false if there are no different ones.
    func refresh(after refused: RequestCredential) async throws -> Bool {
        if let exec {
            let renewed = try await exec.refresh(after: refused.generation)
            return renewed.token.map { "Bearer \($0.value)" } != refused.authorization?.value
                || renewed.pair?.certificate != refused.connection.clientCertificate
        }
        return try state.withLock { state in
            guard state.token != nil || cluster.clientCertificate?.isFile == true else { return false }
            state.forget()
            let credential = try make(&state, authorization: nil, pair: nil)
            return credential.authorization != refused.authorization || credential.connection !== refused.connection
        }
    }

    // MARK: -

    private func make(
        _ state: inout State, authorization: Redacted<String>?, pair: ExecCredential.Pair?
    ) throws(KubeClientError) -> RequestCredential {
        let now = clock()
        let authorities = try state.authorities?.read(now)
        let certificate = if let pair { pair.certificate } else { try state.clientCertificate?.read(now) }
        let key = if let pair { pair.key.value } else { try state.clientKey?.read(now) }
        let connection: ConnectionSettings
        if let known = state.connection, known.authorities == authorities, known.clientCertificate == certificate,
            known.clientKey == key
        {
            connection = known
        } else {
            try Self.check(authorities, "certificate authority", holds: "CERTIFICATE")
            try Self.check(certificate, "client certificate", holds: "CERTIFICATE")
            try Self.check(key, "client key", holds: "PRIVATE KEY")
            connection = ConnectionSettings(
                connectTo: connectTo, proxy: cluster.proxy?.value, noProxy: cluster.noProxy, authorities: authorities,
                clientCertificate: certificate, clientKey: key, verifiesServer: !cluster.skipsTLSVerification,
                allowsCompression: !cluster.disablesCompression)
            state.connection = connection
        }
        guard let token = if let authorization { authorization } else { try token(&state, now) } else {
            return RequestCredential(authorization: basic, connection: connection)
        }
        return RequestCredential(authorization: try Self.bearer(token), connection: connection)
    }

    private func token(_ state: inout State, _ now: ContinuousClock.Instant) throws(KubeClientError) -> Redacted<
        String
    >? {
        switch cluster.authentication {
        case .token(let token): return token
        case .tokenFile(let path):
            guard let bytes = try state.token?.read(now) else { return nil }
            let text = String(decoding: bytes, as: UTF8.self).trimmed
            guard !text.isEmpty else {
                throw KubeClientError(
                    .configuration, subject: "token file \(path)", "is empty, expected a bearer token")
            }
            return Redacted(text)
        case .none, .basic, .exec: return nil
        }
    }

    private var basic: Redacted<String>? {
        guard case .basic(let user, let password) = cluster.authentication else { return nil }
        return Redacted(BasicAuthorization.value(username: user, password: password.value))
    }

    private static func bearer(_ token: Redacted<String>) throws(KubeClientError) -> Redacted<String> {
        guard token.value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw KubeClientError(
                .configuration, subject: "bearer token",
                "contains a blank, a line break or another character that is invalid in a token")
        }
        return Redacted("Bearer \(token.value)")
    }

    private static func check(_ bytes: [UInt8]?, _ name: String, holds label: String) throws(KubeClientError) {
        guard let bytes, !hasPEMBlock(bytes, label) else { return }
        throw KubeClientError(
            .configuration, subject: name,
            "found \(bytes.count) bytes without a PEM block, expected \"-----BEGIN … \(label)-----\"")
    }

    /// Whether there is a PEM block whose label ends with these words.
    private static func hasPEMBlock(_ bytes: [UInt8], _ label: String) -> Bool {
        bytes.split(separator: 0x0A).contains { line in
            let text = String(decoding: line, as: UTF8.self).trimmed
            return text.hasPrefix("-----BEGIN ") && text.hasSuffix("\(label)-----")
        }
    }

    /// The address to connect to if URLs contain the name in the certificate.
    private var connectTo: String? {
        guard let name = cluster.effectiveTLSName else { return nil }
        return "\(name):\(cluster.server.port):\(cluster.server.host):\(cluster.server.port)"
    }
}
