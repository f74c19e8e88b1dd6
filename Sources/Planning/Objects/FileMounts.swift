import Hashring
import Kube
import TributaryAPI

/// The Secrets and ConfigMaps whose values Prometheus reads from files: mounted whole, so that a renewed value is seen
/// without a restart and never stands in a configuration.
struct FileMounts {
    private(set) var secrets: [String] = []
    private(set) var configMaps: [String] = []
    /// The folder that Prometheus writes log files to; nil for none.
    private var logFolder: String?

    /// Has a folder that can be written to, for log files.
    mutating func makeRoom(at folder: String) { logFolder = folder }

    /// Mounts a Secret; the folder in which its values will be.
    @discardableResult
    mutating func add(secret name: String) -> String {
        if !secrets.contains(name) { secrets.append(name) }
        return "/etc/prometheus/secrets/\(name)"
    }

    /// Mounts a ConfigMap; the folder in which its values will be.
    @discardableResult
    mutating func add(configMap name: String) -> String {
        if !configMaps.contains(name) { configMaps.append(name) }
        return "/etc/prometheus/configmaps/\(name)"
    }

    /// The path at which a Secret's value will be, from now on.
    mutating func path(_ secret: KeySelector) -> String { "\(add(secret: secret.name))/\(secret.key)" }

    /// The path at which a Secret's or a ConfigMap's value will be; nil where neither is named.
    mutating func path(_ source: SecretOrConfigMap) -> String? {
        if let secret = source.secret { return path(secret) }
        guard let configMap = source.configMap else { return nil }
        return "\(add(configMap: configMap.name))/\(configMap.key)"
    }

    var volumes: [JSON] {
        secrets.map { ["name": JSON(Self.volume("secret", $0)), "secret": ["secretName": JSON($0)]] }
            + configMaps.map { ["name": JSON(Self.volume("configmap", $0)), "configMap": ["name": JSON($0)]] }
            + (logFolder == nil ? [] : [["name": "logs", "emptyDir": [:]]])
    }

    var volumeMounts: [JSON] {
        func mount(_ kind: String, _ name: String) -> JSON {
            [
                "name": JSON(Self.volume(kind, name)), "mountPath": JSON("/etc/prometheus/\(kind)s/\(name)"),
                "readOnly": true,
            ]
        }
        return secrets.map { mount("secret", $0) } + configMaps.map { mount("configmap", $0) }
            + (logFolder.map { [["name": "logs", "mountPath": JSON($0)]] } ?? [])
    }

    /// A volume's name: the object's where that is a DNS label, else its digest, since objects' names may be longer and
    /// have points in them.
    private static func volume(_ kind: String, _ name: String) -> String {
        let plain = "\(kind)-\(name)"
        guard plain.utf8.count > 63 || plain.contains(".") else { return plain }
        return "\(kind)-\(SHA256.hexadecimal(name).prefix(40))"
    }
}
