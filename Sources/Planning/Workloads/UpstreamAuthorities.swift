import Kube
import TributaryAPI

/// The certificate authorities with which a program checks the server that it sends requests to: a Secret or ConfigMap,
/// mounted so that renewed authorities arrive.
struct UpstreamAuthorities {
    var source: SecretOrConfigMap

    private static let folder = "/etc/tributary/authorities"
    private static let file = "ca.crt"

    /// The path of the file in the container.
    var path: String { "\(Self.folder)/\(Self.file)" }

    var mount: JSON { ["name": "authorities", "mountPath": JSON(Self.folder), "readOnly": true] }

    var volume: JSON {
        var volume: JSON = ["name": "authorities"]
        if let secret = source.secret {
            volume["secret"] = ["secretName": JSON(secret.name), "items": Self.items(secret.key)]
        } else if let configMap = source.configMap {
            volume["configMap"] = ["name": JSON(configMap.name), "items": Self.items(configMap.key)]
        }
        return volume
    }

    private static func items(_ key: String) -> JSON { [["key": JSON(key), "path": JSON(file)]] }
}
