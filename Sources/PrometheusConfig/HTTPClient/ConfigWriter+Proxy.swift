import Kube

extension ConfigWriter {
    /// Writes the proxy settings `proxyUrl`, `noProxy`, `proxyFromEnvironment` and `proxyConnectHeader`.
    mutating func setProxy(
        _ parent: Fields, in namespace: String, _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        let url = try parent.string("proxyUrl")
        let noProxy = try parent.string("noProxy")
        let fromEnvironment = try parent.bool("proxyFromEnvironment")
        let headers = try parent.object("proxyConnectHeader")
        try Self.checkProxy(parent, url: url, noProxy: noProxy, fromEnvironment, headers)

        let first = PrometheusVersion(2, 43)
        set("proxy_url", url.map { JSON($0) })
        set("no_proxy", noProxy.map { JSON($0) }, since: first, at: parent.at("noProxy"))
        set(
            "proxy_from_environment", fromEnvironment.map { .bool($0) }, since: first,
            at: parent.at("proxyFromEnvironment"))
        guard let headers else { return }
        var values: JSON.Members = [:]
        for name in headers.members.keys.sorted() {
            var list: [JSON] = []
            for selector in try headers.objects(name) {
                let reference = try selector.reference(.secret, in: namespace)
                list.append(JSON(try credentials.trimmedValue(reference, at: selector.path)))
            }
            guard !list.isEmpty else { throw FieldError(headers.at(name), "is empty") }
            values[name] = .array(list)
        }
        set("proxy_connect_header", .object(values), since: first, at: headers.path)
    }

    private static func checkProxy(
        _ parent: Fields, url: String?, noProxy: String?, _ fromEnvironment: Bool?, _ headers: Fields?
    ) throws(FieldError) {
        let hasURL = url.map { !$0.isEmpty } ?? false
        if let url, hasURL, !HTTPURL.isValid(url, schemes: ["http", "https", "socks5"]) {
            throw FieldError(parent.at("proxyUrl"), "\"\(url)\" should be http://…, https://… or socks5://…")
        }
        if fromEnvironment == true, hasURL {
            throw FieldError(parent.at("proxyUrl"), "cannot be set together with proxyFromEnvironment")
        }
        if let noProxy, !noProxy.isEmpty, !hasURL {
            throw FieldError(parent.at("noProxy"), "needs proxyUrl")
        }
        if let headers, !headers.members.isEmpty, !hasURL, fromEnvironment != true {
            throw FieldError(headers.path, "needs proxyUrl or proxyFromEnvironment")
        }
    }
}
