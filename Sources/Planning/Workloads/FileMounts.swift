import Crypto
import Kube
import PlanningInput
import TributaryAPI

/// The Secrets and ConfigMaps whose values Prometheus reads from files. They are mounted whole, so that a renewed value
/// takes effect without a restart and is never part of a configuration.
///
/// Pods start without missing ones, unless they are required: kubelets add the files as soon as they exist, and one
/// remote write without its password does not hold up the others.
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

        /// The volume's name: the object's name if it is a DNS label, otherwise its digest, since names of objects may
        /// be longer and contain dots.
        var volume: String {
            let plain = "\(kind.rawValue)-\(name)"
            guard plain.utf8.count > 63 || plain.contains(".") else { return plain }
            return "\(kind.rawValue)-\(SHA256.hexadecimal(name).prefix(40))"
        }

        var mount: JSON { ["name": JSON(volume), "mountPath": JSON(folder), "readOnly": true] }
    }

    /// The mounted objects, and whether pods wait for them.
    private var sources: [Source: Bool] = [:]
    private var loaded: Set<Source> = []
    /// The folder for Prometheus's log files; nil if there is none.
    private var logFolder: String?

    /// Adds a writable folder for log files.
    mutating func makeRoom(at folder: String) { logFolder = folder }

    private mutating func add(_ source: Source, isRequired: Bool) -> String {
        sources[source] = sources[source] == true || isRequired
        return source.folder
    }

    /// Mounts a Secret; returns the folder with its values. A loaded one has values that Prometheus needs to load its
    /// configuration.
    @discardableResult
    mutating func add(secret name: String, isRequired: Bool = false, isLoaded: Bool = false) -> String {
        let source = Source(kind: .secret, name: name)
        if isLoaded { loaded.insert(source) }
        return add(source, isRequired: isRequired)
    }

    /// Mounts a ConfigMap; returns the folder with its values.
    @discardableResult
    mutating func add(configMap name: String, isRequired: Bool = false) -> String {
        add(Source(kind: .configmap, name: name), isRequired: isRequired)
    }

    /// Mounts a Secret; returns the path of a value.
    ///
    /// Pods do not start without a required value. A loaded value is one that Prometheus needs to load its
    /// configuration.
    @discardableResult
    mutating func path(_ secret: KeySelector, isRequired: Bool = false, isLoaded: Bool = false) -> String {
        path(Source(kind: .secret, name: secret.name), secret.key, isRequired, isLoaded)
    }

    /// Mounts a Secret or ConfigMap; returns the path of a value, or nil if the source names neither.
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

    /// Sorted by name, so that pods do not depend on the order of requests.
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

    /// The folders with files that Prometheus reads only when it loads its configuration, with their mounts.
    var loadedFolders: [(path: String, mount: JSON)] { loaded.sorted().map { ($0.folder, $0.mount) } }
}
