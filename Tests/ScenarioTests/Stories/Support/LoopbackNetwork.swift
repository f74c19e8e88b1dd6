import Kube
import Testing

/// Maps addresses in the cluster to addresses on this machine.
struct LoopbackNetwork {
    private var addresses: [(from: String, to: String)] = []
    private var records: [String: [String]] = [:]

    /// Maps the Services that select some pods, by their selectors and target ports as in a cluster.
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
                    add("\(pod.name).\(host).cluster.local:\(number)", "\(pod.host):\(local)")
                    if service.json["spec", "clusterIP"] == "None" { continue }
                    add("\(host):\(number)", "\(pod.host):\(local)")
                }
            }
        }
    }

    /// Adds an address. If it was added before, the earlier one is kept.
    mutating func add(_ from: String, _ to: String) {
        if !addresses.contains(where: { $0.from == from }) { addresses.append((from, to)) }
    }

    /// Adds a name that DNS answers with the addresses of several pods. Where one address is needed, it is the first.
    mutating func add(_ name: String, records addresses: [String]) {
        guard let first = addresses.first else { return }
        add(name, first)
        records[name] = addresses
    }

    /// An argument for each address, if its value is a name that DNS answers with several.
    func spread(_ argument: String) -> [String] {
        guard let equals = argument.firstIndex(of: "="),
            let addresses = records[String(argument[argument.index(after: equals)...])]
        else { return [argument] }
        return addresses.map { "\(argument[...equals])\($0)" }
    }

    /// The text with its addresses replaced by those on this machine.
    func map(_ text: String) -> String {
        addresses.sorted { $0.from.count > $1.from.count }.reduce(text) { $0.replacing($1.from, with: $1.to) }
    }
}
