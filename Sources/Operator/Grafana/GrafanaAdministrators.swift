import Kube
import KubeRuntime
import Planning
import PlanningInput

/// The administrators of Grafana servers, read from their Secrets and kept for a minute.
///
/// They are read when they are needed: a watch of each Secret would be one more for each view, and a changed password
/// shows by itself, since Grafana refuses the old one.
final class GrafanaAdministrators: Sendable {
    private static let fresh = Duration.seconds(60)

    private struct Entry: Sendable {
        var administrator: GrafanaAdministrator
        var readAt: Duration
    }

    private let entries = Locked<[ObjectKey: Entry]>([:])
    private let read: @Sendable (ObjectKey) async throws -> Object?
    private let time: TimeSource

    /// `read` gets a Secret; nil if there is none.
    init(time: TimeSource, read: @escaping @Sendable (ObjectKey) async throws -> Object?) {
        self.time = time
        self.read = read
    }

    /// The administrator of a server. Throws ``GrafanaOutage``.
    func administrator(of server: GrafanaServer) async throws -> GrafanaAdministrator {
        let now = time.now()
        let known = entries.withLock { $0[server.secret] }
        if let known, now - known.readAt < Self.fresh { return known.administrator }
        let field = "spec.grafana.api.adminSecretRef"
        let secret: Object?
        do {
            secret = try await read(server.secret)
        } catch {
            // With the API server away, what is known is good enough.
            if let known { return known.administrator }
            throw GrafanaOutage("\(field).name", "Secret \(server.secret) cannot be read: \(error)")
        }
        guard let secret, let content = CredentialContent(secret) else {
            throw GrafanaOutage(
                "\(field).name", reason: "SecretNotFound",
                "there is no Secret \(server.secret); expected one with the name and the password of a server "
                    + "administrator of Grafana")
        }
        let administrator = GrafanaAdministrator(
            user: try Self.text(server.userKey, "\(field).userKey", content, server.secret),
            password: HiddenText(try Self.text(server.passwordKey, "\(field).passwordKey", content, server.secret)))
        entries.withLock { $0[server.secret] = Entry(administrator: administrator, readAt: now) }
        return administrator
    }

    /// Reads the Secret anew when it is needed next.
    func forget(_ secret: ObjectKey) { entries.withLock { $0[secret]?.readAt = .seconds(-3600) } }

    private static func text(
        _ key: String, _ field: String, _ content: CredentialContent, _ secret: ObjectKey
    ) throws -> String {
        guard let bytes = content.values[key] else {
            let keys = content.values.keys.sorted().prefix(8).joined(separator: ", ")
            throw GrafanaOutage(
                field, reason: "SecretKeyNotFound",
                "Secret \(secret) has no key \"\(key)\"; it has: \(keys.isEmpty ? "none" : keys)")
        }
        // Editors leave a line break at the end.
        let text = String(validating: bytes, as: UTF8.self).map { text in
            String(text.reversed().drop { $0.isNewline }.reversed())
        }
        guard let text, !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else {
            throw GrafanaOutage(
                field, reason: "SecretKeyInvalid",
                "Secret \(secret), key \"\(key)\": found a value that is empty, not UTF-8 or has control characters, "
                    + "expected a name or a password")
        }
        return text
    }
}
