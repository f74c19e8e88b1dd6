import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI
import YAML

/// The configuration file of Prometheus's web server, for those with TLS or headers.
///
/// The format is exporter-toolkit's web-configuration.md. Certificates and keys are files that are read again at each
/// connection.
struct PrometheusWebConfig {
    /// The file's text.
    let text: String
    /// Whether it has the hash of a password, so that it belongs into a Secret.
    let isSecret: Bool

    static let fileName = "web-config.yaml"

    /// Mounts the files that the configuration names; nil if no such file is needed.
    ///
    /// `users` are the hashes of passwords by user name.
    init?(_ web: AgentWebSpec?, users: [String: String] = [:], files: inout FileMounts) {
        guard web?.tlsConfig != nil || web?.httpConfig != nil || !users.isEmpty else { return nil }
        var file: JSON = [:]
        if let tls = web?.tlsConfig {
            var server: JSON = [:]
            server["cert_file"] = files.path(tls.cert, isRequired: true).map { JSON($0) }
            server["key_file"] = JSON(files.path(tls.keySecret, isRequired: true))
            server["client_auth_type"] = tls.clientAuthType.map { JSON($0) }
            server["client_ca_file"] = tls.client_ca.flatMap { files.path($0, isRequired: true) }.map { JSON($0) }
            server["min_version"] = tls.minVersion.map { JSON($0) }
            server["max_version"] = tls.maxVersion.map { JSON($0) }
            server["cipher_suites"] = tls.cipherSuites.map { JSON($0) }
            server["prefer_server_cipher_suites"] = tls.preferServerCipherSuites.map { .bool($0) }
            server["curve_preferences"] = tls.curvePreferences.map { JSON($0) }
            file["tls_server_config"] = server
        }
        if let http = web?.httpConfig {
            var server: JSON = [:]
            server["http2"] = http.http2.map { .bool($0) }
            server["headers"] = http.headers.map { JSON($0) }
            file["http_server_config"] = server
        }
        if !users.isEmpty { file["basic_auth_users"] = JSON(users) }
        isSecret = !users.isEmpty
        text = YAML.write(file)
    }

    /// Mounts the file; returns its path in the pod.
    static func mount(_ workload: String, isSecret: Bool = false, _ files: inout FileMounts) -> String {
        let name = name(of: workload)
        let folder =
            isSecret ? files.add(secret: name, isRequired: true) : files.add(configMap: name, isRequired: true)
        return "\(folder)/\(fileName)"
    }

    /// The ConfigMap or Secret with the file.
    func object(_ owner: Owner, of workload: String, labels: [String: String]) -> Object {
        let name = Self.name(of: workload)
        guard isSecret else {
            return owner.object(.configMaps, name, labels: labels, ["data": [Self.fileName: JSON(text)]])
        }
        return owner.object(
            .secrets, name, labels: labels,
            ["type": "Opaque", "data": [Self.fileName: JSON(Base64.encode(text.utf8))]])
    }

    /// The name of the ConfigMap or Secret with the file.
    static func name(of workload: String) -> String { "\(workload)-web" }
}
