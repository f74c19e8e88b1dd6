import Kube

/// A Service, reduced to what monitors find it and its pods by.
struct ServiceShape: Sendable, Hashable {
    /// A port of a Service.
    struct Port: Sendable, Hashable {
        var name: String?
        var number: Int
        /// The name or the number of the container port; the port's own number by default.
        var target: JSON
        /// The port in words: `http (8080)`.
        var text: String { name.map { "\($0) (\(number))" } ?? "\(number) without a name" }
    }

    let key: ObjectKey
    let labels: [String: String]
    /// The labels of the pods; nil if somebody else writes its endpoints.
    let selector: LabelSelector?
    let isExternalName: Bool
    let ports: [Port]

    /// Reads a Service; nil for other objects.
    init?(_ object: Object) {
        guard object.group.isEmpty, object.kind == Resource.services.kind else { return nil }
        key = ObjectKey(namespace: object.namespace ?? "default", name: object.name)
        labels = object.labels
        let selector = object.json["spec", "selector"]?.strings ?? [:]
        self.selector = selector.isEmpty ? nil : LabelSelector(matchLabels: selector)
        isExternalName = object.json["spec", "type"]?.string == "ExternalName"
        ports = (object.json["spec", "ports"]?.array ?? []).compactMap { port in
            port["port"]?.int.map {
                let name = port["name"]?.string.flatMap { $0.isEmpty ? nil : $0 }
                return Port(name: name, number: $0, target: port["targetPort"] ?? .int(Int64($0)))
            }
        }
    }

    var description: String { "Service \(key)" }
    /// The ports in words.
    var portsText: String { ports.isEmpty ? "no ports" : ports.map(\.text).listed() }
    /// The names of the ports.
    var portNames: [String] { ports.compactMap(\.name) }
}
