import Kube

/// One endpoint of a ServiceMonitor at one of its Services.
struct ServiceEndpoint {
    let endpoint: JSON
    let service: ServiceShape
    let objects: TargetObjects

    var result: EndpointResult {
        guard !service.isExternalName else {
            return .missing(
                reason: "ExternalName", "\(service.description) is of type ExternalName, which has no endpoints")
        }
        if let name = endpoint["port"]?.string, !name.isEmpty { return namedPort(name) }
        if let target = endpoint["targetPort"], target.text != "0", !target.text.isEmpty {
            return containerPort(target)
        }
        return behind(service, as: "every port of \(service.description)")
    }

    // MARK: - port

    private func namedPort(_ name: String) -> EndpointResult {
        guard let port = service.ports.first(where: { $0.name == name }) else {
            return .missing(
                reason: "PortNotFound",
                "port \"\(name)\": \(service.description) has the ports \(service.portsText); none is named "
                    + "\(name)\(suggestion(name))")
        }
        return behind(service, as: "port \"\(name)\" of \(service.description) (\(port.number))", target: port.target)
    }

    private func suggestion(_ name: String) -> String {
        if let number = Int(name), let port = service.ports.first(where: { $0.number == number }) {
            return port.name.map { ". port takes a name: \"\($0)\"" } ?? ". port takes a name, and \(number) has none"
        }
        if let port = service.ports.first(where: { $0.target == .string(name) }), let own = port.name {
            return ": it is the targetPort of \"\(own)\". Use port: \(own), or targetPort: \(name)"
        }
        if let pods = pods.first(where: { $0.ports.contains { $0.name == name } }) {
            return ", but a container of \(pods.description) has such a port. Use targetPort: \(name)"
        }
        if service.ports.count == 1, service.ports[0].name == nil {
            return ". Give the port of the Service that name"
        }
        return Nearest.question(name, among: service.portNames)
    }

    // MARK: - targetPort

    private func containerPort(_ target: JSON) -> EndpointResult {
        guard service.selector != nil, !pods.isEmpty else {
            return behind(service, as: "targetPort \(target.text) of the pods of \(service.description)")
        }
        if let pod = pods.first(where: { $0.declares(target) }) {
            return .found("targetPort \(target.text) of \(pod.description), behind \(service.description)")
        }
        var hint = Nearest.question(target.text, among: pods[0].ports.compactMap(\.name))
        if service.ports.contains(where: { $0.name == target.string }) {
            hint = ": it is the name of a port of the Service. Use port: \(target.text)"
        }
        return .missing(
            reason: "TargetPortNotFound",
            "targetPort \(target.text): \(pods[0].description) declares \(pods[0].portsText); none is "
                + "\(target.text)\(hint)")
    }

    // MARK: - Pods

    private var pods: [PodShape] { objects.pods.filter { service.selects($0) } }

    /// The pods behind a Service, and whether they have the port that its `targetPort` names.
    private func behind(_ service: ServiceShape, as name: String, target: JSON? = nil) -> EndpointResult {
        guard let selector = service.selector else {
            return .unsure(
                reason: "ServiceWithoutSelector",
                "\(name): the Service has no selector, so that its endpoints are what somebody else writes")
        }
        let there = objects.pods.filter { $0.namespace == service.key.namespace }
        guard let first = pods.first else {
            let misses = there.map { selector.misses($0.labels) }
            guard let best = misses.shortest else {
                return objects.isComplete
                    ? .missing(reason: "NoPods", "\(name): there are no pods in namespace \(service.key.namespace)")
                    : .unsure(reason: "PodsUnknown", "\(name): its pods are not among the files")
            }
            return .missing(
                reason: "NoPods",
                "\(name): spec.selector of the Service selects no pods; the nearest are those of "
                    + "\(there[best].description): \(misses[best].joined(separator: "; "))")
        }
        if let wanted = target?.string, !pods.contains(where: { $0.declares(.string(wanted)) }) {
            return .missing(
                reason: "ContainerPortNotFound",
                "\(name) leads to the container port \"\(wanted)\", and \(first.description) declares "
                    + "\(first.portsText); none is named \(wanted)"
                    + Nearest.question(wanted, among: first.ports.compactMap(\.name)))
        }
        let others = pods.count > 1 ? " and \(pods.count - 1) more" : ""
        return .found("\(name), with \(first.description)\(others) behind it")
    }
}

extension PodShape {
    /// Whether a container declares a port of this name or number.
    func declares(_ port: JSON) -> Bool {
        port.string.map { name in ports.contains { $0.name == name } } ?? ports.contains { $0.number == port.int }
    }
}

extension JSON {
    /// A name or number of a port in words.
    fileprivate var text: String { string ?? int.map { "\($0)" } ?? "" }
}
