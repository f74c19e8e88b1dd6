extension ClusterConfiguration {
    /// Sets the proxy of the kubeconfig, or else that of the environment.
    mutating func setProxy(_ cluster: Kubeconfig.Node, _ environment: [String: String]) throws(KubeClientError) {
        guard let url = try cluster.text("proxy-url") else {
            setProxy(from: environment)
            return
        }
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard ["http", "https", "socks5", "socks5h"].contains(scheme), url.dropFirst(scheme.count).hasPrefix("://")
        else {
            throw cluster.fail("proxy-url: found scheme \"\(scheme)\", expected http, https or socks5")
        }
        // As in Go, the proxy resolves host names.
        proxy = Redacted(scheme == "socks5" ? "socks5h" + url.dropFirst(6) : url)
    }

    /// Sets the proxy of the environment, as Go's `ProxyFromEnvironment` does.
    mutating func setProxy(from environment: [String: String]) {
        // Go never uses a proxy for this machine.
        guard server.host != "localhost", !server.host.hasPrefix("127."), server.host != "[::1]" else { return }
        func variable(_ name: String) -> String? {
            let value = environment[name] ?? environment[name.lowercased()]
            return value?.isEmpty == false ? value : nil
        }
        guard let url = variable(server.scheme == "https" ? "HTTPS_PROXY" : "HTTP_PROXY") else { return }
        proxy = Redacted(url.hasPrefix("socks5:") ? "socks5h" + url.dropFirst(6) : url)
        noProxy = variable("NO_PROXY")
    }
}
