import Glibc
import Kube

/// The credentials of a cluster: read from where they are, kept as long as they are good, renewed when refused.
final class Credentials: Sendable {
    private struct State {
        var authorities: CachedSource?
        var clientCertificate: CachedSource?
        var clientKey: CachedSource?
        var token: CachedSource?
        var connection: ConnectionSettings?
        var generation = 0
    }

    private let cluster: ClusterConfiguration
    private let state: Locked<State>
    private let exec: ExecCredentials?
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
            exec = ExecCredentials(plugin, environment: cluster.environment)
        } else {
            exec = nil
        }
    }

    /// What the next attempt is to show. Throws `KubeClientError` if something needed cannot be read.
    func current() async throws -> Credential {
        guard let exec else {
            return try state.withLock { state in try make(&state, authorization: nil, pair: nil) }
        }
        let answer = try await exec.current()
        return try state.withLock { state in
            var credential = try make(&state, authorization: answer.token, pair: answer.pair)
            credential.generation = answer.generation
            return credential
        }
    }

    /// Renews credentials that the server refused; false if there is nothing new to show it.
    func refresh(after refused: Credential) async throws -> Bool {
        if let exec {
            let answer = try await exec.refresh(after: refused.generation)
            return answer.token.map { "Bearer \($0.value)" } != refused.authorization?.value
                || answer.pair?.certificate != refused.connection.clientCertificate
        }
        return try state.withLock { state in
            guard state.token != nil || cluster.clientCertificate?.isFile == true else { return false }
            state.token?.forget()
            state.clientCertificate?.forget()
            state.clientKey?.forget()
            let credential = try make(&state, authorization: nil, pair: nil)
            return credential.authorization != refused.authorization || credential.connection !== refused.connection
        }
    }

    // MARK: -

    private func make(
        _ state: inout State, authorization: Redacted<String>?, pair: ExecAnswer.Pair?
    ) throws(KubeClientError) -> Credential {
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
            return Credential(authorization: basic, connection: connection)
        }
        return Credential(authorization: try Self.bearer(token), connection: connection)
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
        return Redacted("Basic " + Base64.encode(Array("\(user):\(password.value)".utf8)))
    }

    private static func bearer(_ token: Redacted<String>) throws(KubeClientError) -> Redacted<String> {
        guard token.value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw KubeClientError(
                .configuration, subject: "bearer token", "holds a blank, a line break or another byte that no token has"
            )
        }
        return Redacted("Bearer \(token.value)")
    }

    private static func check(_ bytes: [UInt8]?, _ name: String, holds label: String) throws(KubeClientError) {
        guard let bytes, !PEM.contains(bytes, label) else { return }
        throw KubeClientError(
            .configuration, subject: name,
            "found \(bytes.count) bytes without a PEM block, expected \"-----BEGIN … \(label)-----\"")
    }

    /// Where to connect, if URLs bear the name that the certificate is for.
    private var connectTo: String? {
        guard let name = cluster.effectiveTLSName else { return nil }
        return "\(name):\(cluster.server.port):\(cluster.server.host):\(cluster.server.port)"
    }
}

extension ClusterConfiguration {
    /// The name to put into URLs in place of the server's host.
    var effectiveTLSName: String? {
        guard let tlsServerName, !tlsServerName.isEmpty, server.scheme == "https", tlsServerName != server.host else {
            return nil
        }
        return tlsServerName
    }
}

extension ClusterConfiguration.Source {
    var isFile: Bool {
        if case .file = self { true } else { false }
    }
}

/// The bytes of a source; a file's are read again after a minute, or when they were refused.
struct CachedSource: Sendable {
    /// Kubernetes renews tokens long before they end, so a minute late is early enough (client-go: 60 s less 10 s leeway).
    static let lifetime = Duration.seconds(50)

    private let source: ClusterConfiguration.Source
    private let name: String
    private var bytes: [UInt8]?
    private var readAt: ContinuousClock.Instant?

    init(_ source: ClusterConfiguration.Source, of name: String) {
        self.source = source
        self.name = name
    }

    /// The bytes, as fresh as need be. If a file cannot be read any more, what it held before stays good.
    mutating func read(_ now: ContinuousClock.Instant) throws(KubeClientError) -> [UInt8] {
        switch source {
        case .data(let data): return data.value
        case .file(let path):
            if let bytes, let readAt, readAt.duration(to: now) < Self.lifetime { return bytes }
            do throws(KubeClientError) {
                let new = try FileReading.read(path, as: name)
                bytes = new
                readAt = now
                return new
            } catch {
                guard let bytes else { throw error }
                return bytes
            }
        }
    }

    /// Has the next read look at the file; what is known stays for the case that it cannot be read.
    mutating func forget() { readAt = nil }
}
