import Kube

extension ResourceType {
    /// The object with defaults, such as the type of a Service or the replicas of a Deployment.
    ///
    /// Custom resources get the defaults of their schema. Built-in kinds get those of `k8s.io/api` that clients read.
    func defaulted(_ object: Object) -> Object {
        let object = withoutEmpties(object)
        guard isBuiltIn else { return Object(schema?.defaulting(object.json) ?? object.json) }
        var json = object.json
        switch resource.kind {
        case "Namespace":
            json.fill("status", ["phase": "Active"])
            json["metadata", "labels", "kubernetes.io/metadata.name"] = .string(object.name)
        case "Service": json.fillService(object.key)
        case "Secret": json.fillSecret()
        case "Pod":
            json.change("spec") { $0.fillPodSpec() }
            json.fill("status", [:])
            json.change("status") {
                $0.fill("phase", "Pending")
                $0.fill("qosClass", "BestEffort")
            }
        case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet": json.fillWorkload(resource.kind)
        case "PersistentVolumeClaim":
            json.change("spec") { $0.fill("volumeMode", "Filesystem") }
            json.fill("status", ["phase": "Pending"])
        case "RoleBinding", "ClusterRoleBinding": json.fillRoleBinding()
        case "NetworkPolicy": json.fillNetworkPolicy()
        case "EndpointSlice":
            json.changeEach("ports") {
                $0.fill("name", "")
                $0.fill("protocol", "TCP")
            }
        case "CustomResourceDefinition": json.fillDefinition()
        default: break
        }
        return Object(json)
    }
}

extension JSON {
    /// Sets a member if it is absent or null.
    mutating func fill(_ member: String, _ value: JSON) {
        if self[member]?.isNull ?? true { self[member] = value }
    }

    /// Changes a member if it is an object.
    mutating func change(_ member: String, _ body: (inout JSON) -> Void) {
        guard var value = self[member], value.object != nil else { return }
        self[member] = .null  // so that `value` is the only reference
        body(&value)
        self[member] = value
    }

    /// Changes each element of a member if it is a list.
    mutating func changeEach(_ member: String, _ body: (inout JSON) -> Void) {
        guard var elements = self[member]?.array else { return }
        self[member] = .null
        for index in elements.indices { body(&elements[index]) }
        self[member] = .array(elements)
    }
}

extension JSON {
    fileprivate mutating func fillService(_ key: ObjectKey) {
        change("spec") { spec in
            spec.fill("type", "ClusterIP")
            spec.fill("sessionAffinity", "None")
            spec.changeEach("ports") { port in
                port.fill("protocol", "TCP")
                port.fill("targetPort", port["port"] ?? 0)
            }
            guard spec["type"]?.string != "ExternalName" else { return }
            if (spec["clusterIP"]?.string ?? "").isEmpty {
                spec["clusterIP"] = spec["clusterIPs"]?[0] ?? .string(Self.clusterAddress(of: key))
            }
            spec.fill("clusterIPs", .array([spec["clusterIP"] ?? .null]))
            spec.fill("ipFamilies", ["IPv4"])
            spec.fill("ipFamilyPolicy", "SingleStack")
            spec.fill("internalTrafficPolicy", "Cluster")
        }
        fill("status", ["loadBalancer": [:]])
    }

    /// An address in 10.96.0.0/12 that depends only on the name of the Service.
    private static func clusterAddress(of key: ObjectKey) -> String {
        let hash = FNV1a.hash32("\(key)".utf8)
        return "10.\(96 + hash >> 16 & 15).\(hash >> 8 & 255).\(1 + hash % 254)"
    }

    fileprivate mutating func fillSecret() {
        fill("type", "Opaque")
        guard let texts = self["stringData"]?.object else { return }
        self["stringData"] = nil
        fill("data", [:])
        for (key, value) in texts { self["data", key] = .string(Base64.encode((value.string ?? "").utf8)) }
    }

    fileprivate mutating func fillRoleBinding() {
        change("roleRef") { $0.fill("apiGroup", "rbac.authorization.k8s.io") }
        changeEach("subjects") { subject in
            if subject["kind"]?.string != "ServiceAccount" { subject.fill("apiGroup", "rbac.authorization.k8s.io") }
        }
    }

    fileprivate mutating func fillNetworkPolicy() {
        change("spec") { spec in
            spec.fill("policyTypes", spec["egress"] == nil ? ["Ingress"] : ["Ingress", "Egress"])
            for direction in ["ingress", "egress"] {
                spec.changeEach(direction) { $0.changeEach("ports") { $0.fill("protocol", "TCP") } }
            }
        }
    }

    fileprivate mutating func fillDefinition() {
        change("spec") { spec in
            spec.fill("conversion", ["strategy": "None"])
            spec.change("names") { names in
                let kind = names["kind"]?.string ?? ""
                names.fill("singular", .string(kind.lowercased()))
                names.fill("listKind", .string(kind + "List"))
            }
        }
    }
}
