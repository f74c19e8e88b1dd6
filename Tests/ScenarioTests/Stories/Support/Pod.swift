import Kube
import TestSupport
import Testing

/// One pod of a rendered StatefulSet or Deployment, to be run as a process on this machine.
///
/// What the kubelet does is done here as it does it: volumes are filled from ConfigMaps and Secrets, `$(NAME)` in
/// arguments is replaced by the environment. What cannot be the same on one machine is mapped, and nothing else:
///
/// - a mounted path becomes a folder of the pod's own, named as the volume;
/// - a container's port becomes a free one on loopback, and `0.0.0.0` becomes `127.0.0.1`;
/// - addresses in the cluster become those that ``LoopbackNetwork`` knows;
/// - `localhost` with a container's port, the pod itself, becomes the pod's own port;
/// - the side-car that follows a configuration is not run: what it writes first is there when the container starts.
struct Pod {
    let name: String
    let namespace: String
    let labels: [String: String]
    /// The ports on loopback, by the container's own.
    let ports: [Int: Int]
    private let container: JSON
    private let volumes: [JSON]
    private let rendered: Rendered

    /// The pod of an ordinal, with one container and perhaps the side-car that follows its configuration.
    init(_ kind: String, _ workload: String, ordinal: Int = 0, of rendered: Rendered) throws {
        let object = try rendered.object(kind, workload)
        let template = try #require(object.json["spec", "template"])
        let containers = try #require(template["spec", "containers"]?.array)
        try #require(containers.count == 1 || containers.dropFirst().map { $0["name"] } == ["reload"])
        name = "\(workload)-\(ordinal)"
        namespace = object.namespace ?? "default"
        labels = template["metadata", "labels"]?.strings ?? [:]
        container = containers[0]
        volumes = template["spec", "volumes"]?.array ?? []
        self.rendered = rendered
        var ports: [Int: Int] = [:]
        for port in container["ports"]?.array ?? [] { ports[try #require(port["containerPort"]?.int)] = try freePort() }
        self.ports = ports
    }

    /// The container's image.
    var image: String { container["image"]?.string ?? "" }

    /// The container's port of a name.
    func containerPort(_ name: String) -> Int? {
        container["ports"]?.array?.first { $0["name"]?.string == name }?["containerPort"]?.int
    }

    /// The pod's address on loopback for a container's port.
    func address(_ containerPort: Int) throws -> String { "127.0.0.1:\(try #require(ports[containerPort]))" }

    /// The URL on loopback for a container's port.
    func url(_ containerPort: Int) throws -> String { "http://\(try address(containerPort))" }

    /// What the container is told: its environment.
    var environment: [String: String] {
        var environment: [String: String] = [:]
        for variable in container["env"]?.array ?? [] {
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

    /// What the container is told: its arguments, as they are on this machine.
    func arguments(in directory: TemporaryDirectory, _ network: LoopbackNetwork) -> [String] {
        (container["args"]?.array ?? []).compactMap(\.string).map { argument in
            var text = argument
            for (name, value) in environment { text = text.replacing("$(\(name))", with: value) }
            text = mapPorts(network.map(text), listening: true)
            guard let equals = text.firstIndex(of: "=") else { return text }
            let value = text[text.index(after: equals)...]
            for (path, volume) in mounts where value == path || value.hasPrefix(path + "/") {
                return "\(text[...equals])\(folder(volume, in: directory))\(value.dropFirst(path.count))"
            }
            return text
        }
    }

    /// Writes the files that the pod's volumes hold, as they are on this machine.
    func fillVolumes(in directory: TemporaryDirectory, _ network: LoopbackNetwork) throws {
        for volume in volumes {
            let name = try #require(volume["name"]?.string)
            var files: [String: String] = [:]
            if let configMap = volume["configMap", "name"]?.string {
                files = try rendered.files("ConfigMap", configMap)
            } else if let secret = volume["secret", "secretName"]?.string {
                files = try rendered.files("Secret", secret)
            } else if name == "config-out" {
                let config = volumes.first { $0["name"] == "config" }
                files = try rendered.files("Secret", try #require(config?["secret", "secretName"]?.string))
            }
            for (key, text) in files {
                var text = mapPorts(network.map(text), listening: false)
                for (path, volume) in mounts where isFilled(volume) {
                    text = text.replacing(path + "/", with: folder(volume, in: directory) + "/")
                }
                try directory.write("\(self.name)/\(name)/\(key)", text)
            }
        }
    }

    /// The folder that stands for a volume.
    func folder(_ volume: String, in directory: TemporaryDirectory) -> String { directory.path("\(name)/\(volume)") }

    private func mapPorts(_ text: String, listening: Bool) -> String {
        ports.reduce(text) { text, port in
            text.replacing("\(listening ? "0.0.0.0" : "localhost"):\(port.key)", with: "127.0.0.1:\(port.value)")
        }
    }

    /// Mounted paths and the volumes there, the longest paths first.
    private var mounts: [(path: String, volume: String)] {
        (container["volumeMounts"]?.array ?? []).compactMap { mount in
            guard let path = mount["mountPath"]?.string, let volume = mount["name"]?.string else { return nil }
            return (path, volume)
        }.sorted { $0.path.count > $1.path.count }
    }

    private func isFilled(_ volume: String) -> Bool {
        volumes.contains {
            $0["name"]?.string == volume && ($0["configMap"] != nil || $0["secret"] != nil || volume == "config-out")
        }
    }
}

/// Where the cluster's addresses are on this machine.
struct LoopbackNetwork {
    private var addresses: [(from: String, to: String)] = []

    /// The Services that lead to some pods, each followed by its selector and its target ports as the cluster does.
    init(_ rendered: Rendered, _ pods: [Pod] = []) throws {
        for service in rendered.all("Service") {
            let selector = service.json["spec", "selector"]?.strings ?? [:]
            let selected = pods.filter { pod in
                pod.namespace == service.namespace && selector.allSatisfy { pod.labels[$0.key] == $0.value }
            }
            for port in service.json["spec", "ports"]?.array ?? [] {
                let number = try #require(port["port"]?.int)
                let host = "\(service.name).\(service.namespace ?? "default").svc"
                for pod in selected {
                    let target = port["targetPort"]?.string.flatMap(pod.containerPort) ?? port["targetPort"]?.int
                    guard let local = pod.ports[target ?? number] else { continue }
                    add("\(pod.name).\(host).cluster.local:\(number)", "127.0.0.1:\(local)")
                    if service.json["spec", "clusterIP"] == "None" { continue }
                    add("\(host):\(number)", "127.0.0.1:\(local)")
                }
            }
        }
    }

    /// Notes where an address is; the first one that is noted holds.
    mutating func add(_ from: String, _ to: String) {
        if !addresses.contains(where: { $0.from == from }) { addresses.append((from, to)) }
    }

    /// A text with its addresses as they are on this machine.
    func map(_ text: String) -> String {
        addresses.sorted { $0.from.count > $1.from.count }.reduce(text) { $0.replacing($1.from, with: $1.to) }
    }
}
