import Kube

extension HashringContext {
    /// The rules about single endpoints: each has an address that can be dialled, and no two have the same.
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
                        .warning, path.appending("address"),
                        "\"\(endpoint.address.printable)\" is already endpoint \(first): receivers count it twice, so "
                            + "it gets twice as many series, and two copies of a series may be on it; remove one of them"
                    ))
            }
            if let problem = EndpointAddress.problem(endpoint.address) {
                // The only receiver of a hashring serves what reaches it, whatever its address, and forwards nothing.
                let isAlone = ring.endpoints.count == 1
                let effect =
                    isAlone
                    ? "only a receiver whose --receive.local-endpoint is exactly that serves it"
                    : "receivers load it, and every write that they forward to it fails"
                findings.append(
                    finding(
                        isAlone ? .warning : .error, path.appending("address"),
                        "\"\(endpoint.address.printable)\" \(problem): \(effect); should be host:port, such as "
                            + "\"\(EndpointAddress.right(for: endpoint.address).printable)\""))
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
