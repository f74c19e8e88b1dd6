import Kube

/// Keeps one EndpointSlice for a Service with a selector, with the addresses and readiness of its pods.
struct EndpointSliceController {
    let cluster: InProcessClient

    /// Reconciles the slice of one Service.
    func reconcile(_ key: ObjectKey) throws(APIStatus) {
        guard let service = cluster.get(.services, key), !service.isBeingDeleted else { return }
        let selector = service.json["spec", "selector"]?.strings ?? [:]
        guard !selector.isEmpty, service.json["spec", "type"]?.string != "ExternalName" else { return }
        let pods = cluster.list(.pods, namespace: service.namespace).filter { pod in
            selector.allSatisfy { pod.labels[$0.key] == $0.value } && pod.json["status", "podIP"]?.string != nil
        }
        let slice = slice(for: service, pods)
        guard let old = cluster.get(.endpointSlices, slice.key) else {
            try cluster.create(.endpointSlices, slice)
            return
        }
        var new = old
        new.json["metadata", "labels"] = slice.json["metadata", "labels"]
        for member in ["endpoints", "ports"] { new.json[member] = slice.json[member] }
        if new != old { try cluster.update(.endpointSlices, new, subresource: nil) }
    }

    private func slice(for service: Object, _ pods: [Object]) -> Object {
        var labels = service.labels
        labels["kubernetes.io/service-name"] = service.name
        labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io"
        if service.json["spec", "clusterIP"]?.string == "None" { labels["service.kubernetes.io/headless"] = "" }
        let suffix = NameSuffix.encoding(FNV1a.hash64((service.uid ?? "").utf8), length: 5)
        return Object(
            .endpointSlices, namespace: service.namespace, name: "\(service.name)-\(suffix)", labels: labels,
            ownerReferences: [service.asController],
            [
                "addressType": "IPv4", "endpoints": .array(pods.map { endpoint(of: $0, service) }),
                "ports": .array(ports(of: service, pods)),
            ])
    }

    private func endpoint(of pod: Object, _ service: Object) -> JSON {
        let serves = pod.json["status", "phase"]?.string == "Running" && pod.hasCondition("Ready")
        let isReady = serves && !pod.isBeingDeleted || service.json["spec", "publishNotReadyAddresses"]?.bool == true
        var endpoint: JSON = [
            "addresses": [pod.json["status", "podIP"] ?? ""],
            "conditions": [
                "ready": .bool(isReady), "serving": .bool(serves), "terminating": .bool(pod.isBeingDeleted),
            ],
            "targetRef": [
                "kind": "Pod", "namespace": .string(pod.namespace ?? ""), "name": .string(pod.name),
                "uid": .string(pod.uid ?? ""),
            ],
        ]
        if let hostname = pod.json["spec", "hostname"], pod.json["spec", "subdomain"]?.string == service.name {
            endpoint["hostname"] = hostname
        }
        if let node = pod.json["spec", "nodeName"]?.string {
            endpoint["nodeName"] = .string(node)
            let zone = cluster.get(.nodes, ObjectKey(namespace: "", name: node))?.labels["topology.kubernetes.io/zone"]
            if let zone { endpoint["zone"] = .string(zone) }
        }
        return endpoint
    }

    /// The ports of a Service, with the numbers of its target ports.
    private func ports(of service: Object, _ pods: [Object]) -> [JSON] {
        let containers = pods.first?.json["spec", "containers"]?.array ?? []
        let named = containers.flatMap { $0["ports"]?.array ?? [] }
        return (service.json["spec", "ports"]?.array ?? []).compactMap { port in
            let target = port["targetPort"] ?? port["port"]
            var number = target
            if let name = target?.string {
                number = named.first { $0["name"]?.string == name }?["containerPort"]
                if number == nil { return nil }
            }
            var json: JSON = [
                "name": port["name"] ?? "", "port": number ?? 0, "protocol": port["protocol"] ?? "TCP",
            ]
            if let application = port["appProtocol"] { json["appProtocol"] = application }
            return json
        }
    }
}
