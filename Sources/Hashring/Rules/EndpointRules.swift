import Kube

extension HashringContext {
    /// The rules about single endpoints: each has an address, and no two have the same.
    func endpointFindings(routers: Set<String>) -> [Finding] {
        var findings: [Finding] = []
        var seen: [String: Int] = [:]
        for (place, endpoint) in ring.endpoints.enumerated() {
            let path = path.appending("endpoints").appending(place)
            if endpoint.address.isEmpty {
                findings.append(
                    finding(
                        .error, path.appending("address"), "is empty: receivers refuse the file; should be host:port")
                )
                continue
            }
            if let first = seen[endpoint.address] {
                findings.append(
                    finding(
                        .error, path.appending("address"),
                        "\"\(endpoint.address.printable)\" is already endpoint \(first): two copies of a series "
                            + "would go to one receiver; remove one of them"))
            }
            if routers.contains(endpoint.address) || endpoint.capnprotoAddress.map(routers.contains) == true {
                findings.append(
                    finding(
                        .error, path.appending("address"),
                        "\"\(endpoint.address.printable)\" is a router without --receive.local-endpoint: it would "
                            + "forward to itself and every write would fail after 5 s; remove it or set that flag on "
                            + "the router"))
            }
            seen[endpoint.address] = seen[endpoint.address] ?? place
            if endpoint.capnprotoAddress == nil, endpoint.address.hasPrefix("[") {
                findings.append(
                    finding(
                        .warning, path.appending("capnproto_address"),
                        "is absent: Thanos cannot derive it from the IPv6 address \"\(endpoint.address.printable)\"; "
                            + "set it"
                    ))
            }
        }
        return findings
    }
}
