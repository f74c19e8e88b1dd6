import Kube

extension PrinterColumn {
    static let services: [PrinterColumn] = [
        .name, .text("Type", "spec", "type"),
        PrinterColumn("Cluster-IP") { object, _ in
            .string(object.json["spec", "clusterIPs"]?[0]?.string ?? "<none>")
        },
        PrinterColumn("External-IP") { object, _ in .string(externalAddress(object)) },
        PrinterColumn("Port(s)") { object, _ in .string(servicePorts(object)) },
        .age,
        PrinterColumn("Selector", priority: 1) { object, _ in .string(labelText(object.json["spec", "selector"])) },
    ]

    static let endpoints: [PrinterColumn] = [
        .name, PrinterColumn("Endpoints") { object, _ in .string(endpointAddresses(object)) }, .age,
    ]

    static let endpointSlices: [PrinterColumn] = [
        .name, .text("AddressType", "addressType"),
        PrinterColumn("Ports") { object, _ in
            let ports = (object.json["ports"]?.array ?? []).map { port in
                port["port"]?.int.map(String.init) ?? port["name"]?.string ?? "*"
            }
            return .string(firstThree(ports, none: "<unset>"))
        },
        PrinterColumn("Endpoints") { object, _ in
            let addresses = (object.json["endpoints"]?.array ?? [])
                .flatMap { ($0["addresses"]?.array ?? []).compactMap(\.string) }
            return .string(firstThree(addresses, none: "<unset>"))
        },
        .age,
    ]

    static let ingresses: [PrinterColumn] = [
        .name, .text("Class", "spec", "ingressClassName", fallback: "<none>"),
        PrinterColumn("Hosts") { object, _ in
            let hosts = (object.json["spec", "rules"]?.array ?? []).compactMap { $0["host"]?.string }
            return .string(firstThree(hosts, none: "*"))
        },
        PrinterColumn("Address") { object, _ in .string(loadBalancerAddresses(object).joined(separator: ",")) },
        PrinterColumn("Ports") { object, _ in
            (object.json["spec", "tls"]?.array ?? []).isEmpty ? "80" : "80, 443"
        },
        .age,
    ]

    static let networkPolicies: [PrinterColumn] = [
        .name,
        PrinterColumn("Pod-Selector") { object, _ in .string(selectorText(object.json["spec", "podSelector"])) },
        .age,
    ]

    private static func externalAddress(_ service: Object) -> String {
        let external = (service.json["spec", "externalIPs"]?.array ?? []).compactMap(\.string)
        switch service.json["spec", "type"]?.string {
        case "ExternalName": return service.json["spec", "externalName"]?.string ?? ""
        case "LoadBalancer":
            let all = loadBalancerAddresses(service) + external
            return all.isEmpty ? "<pending>" : all.joined(separator: ",")
        default: return external.isEmpty ? "<none>" : external.joined(separator: ",")
        }
    }

    private static func loadBalancerAddresses(_ object: Object) -> [String] {
        let ingress = object.json["status", "loadBalancer", "ingress"]?.array ?? []
        return Set(ingress.compactMap { $0["ip"]?.string ?? $0["hostname"]?.string }).sorted()
    }

    private static func servicePorts(_ service: Object) -> String {
        let ports = (service.json["spec", "ports"]?.array ?? []).map { port in
            let number = "\(port["port"]?.int ?? 0)"
            let node = (port["nodePort"]?.int).map { $0 > 0 ? ":\($0)" : "" } ?? ""
            return "\(number)\(node)/\(port["protocol"]?.string ?? "TCP")"
        }
        return ports.isEmpty ? "<none>" : ports.joined(separator: ",")
    }

    private static func endpointAddresses(_ endpoints: Object) -> String {
        var addresses: [String] = []
        for subset in endpoints.json["subsets"]?.array ?? [] {
            let hosts = (subset["addresses"]?.array ?? []).compactMap { $0["ip"]?.string }
            let ports = subset["ports"]?.array ?? []
            if ports.isEmpty { addresses += hosts }
            for port in ports { addresses += hosts.map { "\($0):\(port["port"]?.int ?? 0)" } }
        }
        return firstThree(addresses)
    }
}
