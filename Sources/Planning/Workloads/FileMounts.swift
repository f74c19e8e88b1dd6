import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// The Secrets and ConfigMaps whose values Prometheus reads from files: mounted whole, so that a renewed value is seen
/// without a restart and never stands in a configuration.
///
/// Pods start without those that are not there, unless nothing works without them: kubelets put the files there as soon as
/// they can, and one place to send to that lacks its password holds up none of the others.
struct FileMounts {
    private enum Kind: String, Comparable {
        case secret, configmap

        static func < (a: Kind, b: Kind) -> Bool { a.rawValue > b.rawValue }
    }

    private struct Source: Hashable, Comparable {
        var kind: Kind
        var name: String

        static func < (a: Source, b: Source) -> Bool { (a.kind, a.name) < (b.kind, b.name) }

        var folder: String { "/etc/prometheus/\(kind.rawValue)s/\(name)" }

        /// The volume's name: the object's where that is a DNS label, else its digest, since objects' names may be
        /// longer and have points in them.
        var volume: String {
            let plain = "\(kind.rawValue)-\(name)"
            guard plain.utf8.count > 63 || plain.contains(".") else { return plain }
            return "\(kind.rawValue)-\(SHA256.hexadecimal(name).prefix(40))"
        }

        var mount: JSON { ["name": JSON(volume), "mountPath": JSON(folder), "readOnly": true] }
    }

    /// What is mounted, and whether pods wait for it.
    private var sources: [Source: Bool] = [:]
    private var loaded: Set<Source> = []
    /// The folder that Prometheus writes log files to; nil for none.
    private var logFolder: String?

    /// Has a folder that can be written to, for log files.
    mutating func makeRoom(at folder: String) { logFolder = folder }

    private mutating func add(_ source: Source, isRequired: Bool) -> String {
        sources[source] = sources[source] == true || isRequired
        return source.folder
    }

    /// Mounts a Secret; the folder in which its values will be.
    @discardableResult
    mutating func add(secret name: String, isRequired: Bool = false) -> String {
        add(Source(kind: .secret, name: name), isRequired: isRequired)
    }

    /// Mounts a ConfigMap; the folder in which its values will be.
    @discardableResult
    mutating func add(configMap name: String, isRequired: Bool = false) -> String {
        add(Source(kind: .configmap, name: name), isRequired: isRequired)
    }

    /// The path at which a Secret's value will be, from now on.
    ///
    /// Pods wait for what is required; what is loaded Prometheus needs when it loads its configuration.
    @discardableResult
    mutating func path(_ secret: KeySelector, isRequired: Bool = false, isLoaded: Bool = false) -> String {
        path(Source(kind: .secret, name: secret.name), secret.key, isRequired, isLoaded)
    }

    /// The path at which a Secret's or a ConfigMap's value will be; nil where neither is named.
    @discardableResult
    mutating func path(_ source: SecretOrConfigMap, isRequired: Bool = false, isLoaded: Bool = false) -> String? {
        if let secret = source.secret { return path(secret, isRequired: isRequired, isLoaded: isLoaded) }
        guard let configMap = source.configMap else { return nil }
        return path(Source(kind: .configmap, name: configMap.name), configMap.key, isRequired, isLoaded)
    }

    private mutating func path(_ source: Source, _ key: String, _ isRequired: Bool, _ isLoaded: Bool) -> String {
        if isLoaded { loaded.insert(source) }
        return "\(add(source, isRequired: isRequired))/\(key)"
    }

    /// By name, so that pods are the same in whatever order they are asked for.
    var volumes: [JSON] {
        sources.sorted { $0.key < $1.key }.map { source, isRequired -> JSON in
            let optional: JSON = isRequired ? .null : true
            var volume: JSON = ["name": JSON(source.volume)]
            switch source.kind {
            case .secret: volume["secret"] = ["secretName": JSON(source.name), "optional": optional]
            case .configmap: volume["configMap"] = ["name": JSON(source.name), "optional": optional]
            }
            return volume.droppingNulls
        } + (logFolder == nil ? [] : [["name": "logs", "emptyDir": [:]]])
    }

    var volumeMounts: [JSON] {
        sources.keys.sorted().map(\.mount)
            + (logFolder.map { [["name": "logs", "mountPath": JSON($0)]] } ?? [])
    }

    /// The folders with what is read only when Prometheus loads its configuration, and how they are mounted.
    var loadedFolders: [(path: String, mount: JSON)] { loaded.sorted().map { ($0.folder, $0.mount) } }
}
