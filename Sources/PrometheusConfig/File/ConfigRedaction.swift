public import Kube

/// What of a configuration file is nobody else's business.
public enum Redaction {
    /// What stands in the place of a secret.
    public static let mark = "***"

    /// A configuration file without its secrets: each value that Prometheus itself shows as `<secret>`, and names and ids
    /// that only stand in the file because Prometheus reads them from no other, gives way to ``mark``.
    public static func redacted(_ file: JSON) -> JSON { redacted(file, in: "") }

    /// The members that Prometheus takes for secrets, in every kind of service discovery.
    private static let secrets: Set<String> = [
        "password", "credentials", "bearer_token", "client_secret", "access_key", "secret_key", "token", "auth_token",
        "application_credential_secret", "application_secret", "consumer_key",
    ]
    /// The members that are secrets below others.
    private static let nested: Set<[String]> = [
        ["basic_auth", "username"], ["oauth2", "client_id"], ["tls_config", "key"],
    ]
    /// The members all of whose values are secrets: headers.
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

    /// A URL without the password that it has before its host.
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
