public import Kube

/// Removes secrets from the configuration file of a Prometheus.
public enum ConfigRedaction {
    /// The text that replaces a secret.
    static let mark = "***"

    /// A configuration file in which `***` replaces secrets.
    ///
    /// Secrets are the values that Prometheus itself shows as `<secret>`, and user names and client ids, which are only
    /// in the file because Prometheus cannot read them from another one.
    public static func redacted(_ file: JSON) -> JSON { redacted(file, in: "") }

    /// The members that Prometheus treats as secrets, in every kind of service discovery.
    private static let secrets: Set<String> = [
        "password", "credentials", "bearer_token", "client_secret", "access_key", "secret_key", "token", "auth_token",
        "application_credential_secret", "application_secret", "consumer_key",
    ]
    /// The members that are secrets if they are in a certain object.
    private static let nested: Set<[String]> = [
        ["basic_auth", "username"], ["oauth2", "client_id"], ["tls_config", "key"],
    ]
    /// The members whose values are all secrets if they are in a certain object.
    private static let headers: Set<[String]> = [["tracing", "headers"]]

    private static func redacted(_ value: JSON, in parent: String) -> JSON {
        switch value {
        case .object(let members):
            var result: JSON.Members = [:]
            for (key, member) in members {
                let isSecret = secrets.contains(key) || nested.contains([parent, key])
                let isAll =
                    key == "proxy_connect_header" || headers.contains([parent, key])
                    || key == "secrets" && member.array != nil
                if isAll {
                    result[key] = hidden(member)
                } else if isSecret, member.string != nil {
                    result[key] = .string(mark)
                } else {
                    result[key] = redacted(member, in: key)
                }
            }
            return .object(result)
        case .array(let elements): return .array(elements.map { redacted($0, in: parent) })
        case .string(let text): return .string(redactedURL(text))
        default: return value
        }
    }

    private static func hidden(_ value: JSON) -> JSON {
        switch value {
        case .object(let members): .object(members.mapValues(hidden))
        case .array(let elements): .array(elements.map(hidden))
        case .string: .string(mark)
        default: value
        }
    }

    /// A URL in which `***` replaces the password before the host.
    public static func redactedURL(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let scheme = Array("://".utf8)
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: scheme) }) else { return text }
        let rest = bytes[(start + scheme.count)...]
        let host = rest.prefix { !"/?#".utf8.contains($0) }
        guard let at = host.lastIndex(of: UInt8(ascii: "@")),
            let colon = host[..<at].firstIndex(of: UInt8(ascii: ":"))
        else { return text }
        return String(decoding: bytes[...colon] + Array(mark.utf8) + bytes[at...], as: UTF8.self)
    }
}
