import TributaryAPI

extension PrometheusWeb {
    /// The web server of an agent.
    init(_ agent: PrometheusAgent) {
        let spec = agent.spec
        portName = spec.portName ?? "web"
        isHTTPS = spec.web?.tlsConfig != nil
        isLocal = spec.listenLocal ?? false
        startupSeconds = spec.maximumStartupDurationSeconds ?? 900
        var path = spec.routePrefix ?? ""
        // Without a route prefix, Prometheus serves under the path of its external URL.
        if spec.routePrefix == nil, let url = spec.externalUrl, let host = url.firstRange(of: "://") {
            let rest = url[host.upperBound...]
            path = rest.firstIndex(of: "/").map { String(rest[$0...].prefix { $0 != "?" && $0 != "#" }) } ?? ""
        }
        while path.hasSuffix("/") { path.removeLast() }
        prefix = path
    }
}
