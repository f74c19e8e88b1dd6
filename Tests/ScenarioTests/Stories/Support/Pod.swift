import FoundationEssentials
import Kube
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// A pod of a rendered StatefulSet or Deployment that runs on this machine, with a process for each container.
///
/// It behaves as with a kubelet: volumes have the files of ConfigMaps and Secrets, which change atomically, and
/// `$(NAME)` in arguments is replaced from the environment. Only what has to differ on one machine is mapped:
///
/// - a mounted path becomes a folder of the pod with the name of the volume;
/// - a container's port becomes a free one on loopback, and `0.0.0.0` becomes `127.0.0.1`; a pod with its own loopback
///   address keeps its ports;
/// - addresses in the cluster become those of ``LoopbackNetwork``;
/// - `localhost` with a container's port, the pod itself, becomes the pod's own port.
struct Pod {
    let name: String
    let namespace: String
    let labels: [String: String]
    /// The address on loopback.
    let host: String
    /// The ports on loopback, by container port.
    let ports: [Int: Int]
    /// The init containers, in order.
    let initContainers: [JSON]
    /// All containers but the first one.
    let sidecars: [JSON]
    /// The plan that has its ConfigMaps and Secrets.
    var rendered: Rendered
    private let container: JSON
    private let volumes: [JSON]

    /// Creates the pod with an ordinal. Its main program is that of the first container. Without its own address, it
    /// shares `127.0.0.1` with all others.
    init(_ kind: String, _ workload: String, ordinal: Int = 0, at host: String? = nil, of rendered: Rendered) throws {
        let object = try rendered.object(kind, workload)
        let template = try #require(object.json["spec", "template"])
        let containers = try #require(template["spec", "containers"]?.array)
        container = try #require(containers.first)
        sidecars = Array(containers.dropFirst())
        initContainers = template["spec", "initContainers"]?.array ?? []
        name = "\(workload)-\(ordinal)"
        namespace = object.namespace ?? "default"
        // The StatefulSet controller adds the name.
        let own = kind == "StatefulSet" ? ["statefulset.kubernetes.io/pod-name": name] : [:]
        labels = (template["metadata", "labels"]?.strings ?? [:]).merging(own) { given, _ in given }
        volumes = template["spec", "volumes"]?.array ?? []
        self.rendered = rendered
        var ports: [Int: Int] = [:]
        for port in containers.flatMap({ $0["ports"]?.array ?? [] }) {
            let number = try #require(port["containerPort"]?.int)
            ports[number] = host == nil ? try freePort() : number
        }
        self.ports = ports
        self.host = host ?? "127.0.0.1"
    }

    /// The container's image.
    var image: String { container["image"]?.string ?? "" }

    /// The command of the main container; empty for that of the image.
    var command: [String] { (container["command"]?.array ?? []).compactMap(\.string) }

    /// The folder that stands for a path at which the main container mounts a volume; nil if it mounts none there.
    func mountedFolder(_ path: String, in directory: TemporaryDirectory) -> String? {
        mounts(of: container).first { $0.path == path }.map { folder($0.volume, in: directory) }
    }

    /// The port of a name, of any container.
    func containerPort(_ name: String) -> Int? {
        let ports = ([container] + sidecars).flatMap { $0["ports"]?.array ?? [] }
        return ports.first { $0["name"]?.string == name }?["containerPort"]?.int
    }

    /// The pod's address on loopback for a container's port.
    func address(_ containerPort: Int) throws -> String { "\(host):\(try #require(ports[containerPort]))" }

    /// The URL on loopback for a container's port.
    func url(_ containerPort: Int) throws -> String { "http://\(try address(containerPort))" }

    /// The environment of a container, by default the main one.
    func environment(of other: JSON? = nil) -> [String: String] {
        var environment: [String: String] = [:]
        for variable in (other ?? container)["env"]?.array ?? [] {
            let field = variable["valueFrom", "fieldRef", "fieldPath"]?.string
            let value =
                switch field {
                case "metadata.name": name
                case "metadata.namespace": namespace
                default: variable["value"]?.string ?? ""
                }
            environment[variable["name"]?.string ?? ""] = value
        }
        return environment
    }

    /// The arguments of a container, by default the main one, mapped to this machine.
    func arguments(
        of other: JSON? = nil, in directory: TemporaryDirectory, _ network: LoopbackNetwork
    ) -> [String] {
        let container = other ?? self.container
        let environment = environment(of: container)
        return (container["args"]?.array ?? []).compactMap(\.string).flatMap(network.spread).map { argument in
            var text = argument
            for (name, value) in environment { text = text.replacing("$(\(name))", with: value) }
            text = mapPorts(network.map(text), listening: true)
            guard let equals = text.firstIndex(of: "=") else { return text }
            let value = text[text.index(after: equals)...]
            for (path, volume) in mounts(of: container) where value == path || value.hasPrefix(path + "/") {
                return "\(text[...equals])\(folder(volume, in: directory))\(value.dropFirst(path.count))"
            }
            return text
        }
    }

    /// Writes the files of the pod's volumes, mapped to this machine. Does not touch a volume whose files have not
    /// changed.
    func fillVolumes(in directory: TemporaryDirectory, _ network: LoopbackNetwork) throws {
        for volume in volumes {
            let name = try #require(volume["name"]?.string)
            if volume["emptyDir"] != nil {
                mkdir(directory.path(self.name), 0o700)
                mkdir(folder(name, in: directory), 0o700)
            }
            guard isFilled(name) else { continue }
            var files: [String: String] = [:]
            for source in volume["projected", "sources"]?.array ?? [volume] {
                if let configMap = source["configMap", "name"]?.string {
                    if isAbsent("ConfigMap", configMap, source["configMap"]) { continue }
                    files.merge(Self.items(try rendered.files("ConfigMap", configMap), source["configMap"])) { $1 }
                } else if let secret = (source["secret", "secretName"] ?? source["secret", "name"])?.string {
                    if isAbsent("Secret", secret, source["secret"]) { continue }
                    files.merge(Self.items(try rendered.files("Secret", secret), source["secret"])) { $1 }
                }
            }
            try mount(
                files.mapValues { text in
                    var text = mapPorts(network.map(text), listening: false)
                    for (path, volume) in mounts(of: container) where isFilled(volume) {
                        text = text.replacing(path + "/", with: folder(volume, in: directory) + "/")
                    }
                    return text
                }, as: name, in: directory)
        }
    }

    /// The files that a source asks for, by their paths: all of them unless it lists some.
    private static func items(_ files: [String: String], _ source: JSON?) -> [String: String] {
        guard let items = source?["items"]?.array else { return files }
        let pairs = items.compactMap { item -> (String, String)? in
            guard let key = item["key"]?.string, let path = item["path"]?.string else { return nil }
            return files[key].map { (path, $0) }
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Whether an optional source is missing. A kubelet then mounts an empty folder.
    private func isAbsent(_ kind: String, _ name: String, _ source: JSON?) -> Bool {
        source?["optional"] == true && !rendered.all(kind).contains { $0.name == name }
    }

    /// Writes the files of a volume as a kubelet does: into a new folder, to which it then switches one link.
    private func mount(_ files: [String: String], as volume: String, in directory: TemporaryDirectory) throws {
        let folder = folder(volume, in: directory)
        var buffer = [CChar](repeating: 0, count: 64)
        let length = max(0, readlink("\(folder)/..data", &buffer, buffer.count))
        let former = String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let names = Set(
            former.isEmpty ? [] : try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(former)"))
        let isSame =
            try names == Set(files.keys) && !former.isEmpty
            && files.allSatisfy { try TemporaryDirectory.read("\(folder)/\($0)") == $1 }
        if isSame { return }
        let version = "..\((Int(former.dropFirst(2)) ?? 0) + 1)"
        for path in [directory.path(name), folder, "\(folder)/\(version)"] { mkdir(path, 0o700) }
        for (key, text) in files { try directory.write("\(name)/\(volume)/\(version)/\(key)", text) }
        symlink(version, "\(folder)/..data.new")
        rename("\(folder)/..data.new", "\(folder)/..data")
        for key in files.keys where !names.contains(key) { symlink("..data/\(key)", "\(folder)/\(key)") }
        for key in names where files[key] == nil { unlink("\(folder)/\(key)") }
    }

    /// The folder that stands for a volume.
    func folder(_ volume: String, in directory: TemporaryDirectory) -> String { directory.path("\(name)/\(volume)") }

    private func mapPorts(_ text: String, listening: Bool) -> String {
        ports.reduce(text) { text, port in
            text.replacing("\(listening ? "0.0.0.0" : "localhost"):\(port.key)", with: "\(host):\(port.value)")
        }
    }

    /// The mounted paths and their volumes, the longest paths first.
    private func mounts(of container: JSON) -> [(path: String, volume: String)] {
        (container["volumeMounts"]?.array ?? []).compactMap { mount in
            guard let path = mount["mountPath"]?.string, let volume = mount["name"]?.string else { return nil }
            return (path, volume)
        }.sorted { $0.path.count > $1.path.count }
    }

    private func isFilled(_ volume: String) -> Bool {
        volumes.contains {
            $0["name"]?.string == volume && ($0["configMap"] != nil || $0["secret"] != nil || $0["projected"] != nil)
        }
    }
}
