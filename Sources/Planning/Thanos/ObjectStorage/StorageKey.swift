import Kube
import PrometheusConfig

/// A key in the configuration of an object storage, as Thanos reads it.
struct StorageKey {
    /// What the key may hold.
    enum Kind {
        case text
        case flag
        case count
        case duration
        /// A map of texts.
        case texts
        /// The path of a file in the pod.
        case file
        /// A map with keys of its own.
        case keys([StorageKey])
    }

    let name: String
    let kind: Kind
    /// The minor version of Thanos 0 that first knows the key; nil for a key that every supported version knows.
    let since: Int?

    init(_ name: String, _ kind: Kind = .text, since: Int? = nil) {
        self.name = name
        self.kind = kind
        self.since = since
    }

    /// Whether a version of Thanos knows the key.
    func isKnown(to version: PrometheusVersion) -> Bool { since.map { version >= PrometheusVersion(0, $0) } ?? true }

    static func texts(_ names: String...) -> [StorageKey] { names.map { StorageKey($0) } }
    static func flags(_ names: String...) -> [StorageKey] { names.map { StorageKey($0, .flag) } }
    static func counts(_ names: String...) -> [StorageKey] { names.map { StorageKey($0, .count) } }
    static func durations(_ names: String...) -> [StorageKey] { names.map { StorageKey($0, .duration) } }
}

extension StorageKey {
    /// `http_config`: how the client of an object storage connects.
    static func httpConfig(since: Int? = nil) -> StorageKey {
        let tls =
            ["ca_file", "cert_file", "key_file"].map { StorageKey($0, .file) } + texts("server_name")
            + flags("insecure_skip_verify")
        return StorageKey(
            "http_config",
            .keys(
                durations(
                    "idle_conn_timeout", "response_header_timeout", "tls_handshake_timeout", "expect_continue_timeout")
                    + flags("insecure_skip_verify", "disable_compression")
                    + counts("max_idle_conns", "max_idle_conns_per_host", "max_conns_per_host")
                    + [StorageKey("tls_config", .keys(tls))]), since: since)
    }
}
