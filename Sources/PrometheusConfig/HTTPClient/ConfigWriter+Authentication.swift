public import Kube

extension JobWriter {
    /// Writes `basic_auth` from `basicAuth`, the password as a file, and the user's name as well where Prometheus can.
    mutating func setBasicAuth(
        _ parent: Fields, _ key: String = "basicAuth", in namespace: String, _ credentials: inout Credentials
    ) throws(FieldError) {
        guard let basic = try parent.object(key) else { return }
        let username = try basic.requiredSecretKey("username", in: namespace)
        let password = try basic.requiredSecretKey("password", in: namespace)
        var settings: JSON.Members = [:]
        if version >= HTTPClientChecks.usernameFile {
            settings["username_file"] = JSON(try credentials.file(username, at: basic.at("username")))
        } else {
            settings["username"] = JSON(try credentials.trimmedValue(username, at: basic.at("username")))
        }
        settings["password_file"] = JSON(try credentials.file(password, at: basic.at("password")))
        set("basic_auth", .object(settings))
    }

    /// Writes `bearer_token_file` from the deprecated `bearerTokenSecret`; one without a name says nothing.
    mutating func setBearerToken(
        _ parent: Fields, _ key: String = "bearerTokenSecret", in namespace: String, _ credentials: inout Credentials
    ) throws(FieldError) {
        guard let selector = try parent.object(key), try selector.text("name") != nil else { return }
        let reference = try selector.reference(.secret, in: namespace)
        set("bearer_token_file", JSON(try credentials.file(reference, at: parent.at(key))))
    }

    /// Writes `authorization`, the credentials as a file.
    ///
    /// Files of the pod's own, `credentialsFile`, can be named where `allowsFiles`: in what an agent says itself.
    mutating func setAuthorization(
        _ authorization: Fields?, in namespace: String, allowsFiles: Bool = false, _ credentials: inout Credentials
    ) throws(FieldError) {
        guard let authorization else { return }
        let type = try Self.authorizationType(authorization)
        var settings: JSON.Members = ["type": JSON(type)]
        if let reference = try authorization.secretKey("credentials", in: namespace) {
            let path = authorization.at("credentials")
            settings["credentials_file"] = JSON(try credentials.file(reference, at: path))
        } else if allowsFiles, let file = try authorization.text("credentialsFile") {
            settings["credentials_file"] = JSON(file)
        }
        set("authorization", .object(settings))
    }

    /// The scheme of an `Authorization` header, `Bearer` by default.
    private static func authorizationType(_ authorization: Fields) throws(FieldError) -> String {
        let text = try authorization.string("type") ?? ""
        let type = text.trimmingSpaces
        if type.lowercased() == "basic" {
            throw FieldError(authorization.at("type"), "cannot be Basic: use basicAuth")
        }
        return text.isEmpty ? "Bearer" : type
    }

    /// Writes `oauth2`, the client's secret as a file; the client's id stands in the configuration itself.
    mutating func setOAuth2(
        _ parent: Fields, _ key: String = "oauth2", in namespace: String, _ credentials: inout Credentials
    ) throws(FieldError) {
        guard let oauth2 = try parent.object(key) else { return }
        guard let id = try oauth2.secretOrConfigMapKey("clientId", in: namespace) else {
            throw FieldError(oauth2.at("clientId"), "is required")
        }
        let secret = try oauth2.requiredSecretKey("clientSecret", in: namespace)
        let url = try oauth2.requiredText("tokenUrl")
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw FieldError(oauth2.at("tokenUrl"), "\"\(url)\" should be http://host… or https://host…")
        }
        var part = JobWriter(version)
        part.set("client_id", JSON(try credentials.trimmedValue(id, at: oauth2.at("clientId"))))
        part.set("client_secret_file", JSON(try credentials.file(secret, at: oauth2.at("clientSecret"))))
        part.set("token_url", JSON(url))
        if let scopes = try oauth2.strings("scopes"), !scopes.isEmpty { part.set("scopes", JSON(scopes)) }
        if let parameters = try oauth2.stringMap("endpointParams"), !parameters.isEmpty {
            part.set("endpoint_params", JSON(Dictionary(parameters.map { ($0.key, $0.value) }) { $1 }))
        }
        let first = PrometheusVersion(2, 43)
        if version >= first {
            try part.setProxy(oauth2, in: namespace, &credentials)
            try part.setTLS(try oauth2.object("tlsConfig"), in: namespace, &credentials)
        } else {
            for field in ["proxyUrl", "tlsConfig"] where oauth2.has(field) {
                leaveOut(oauth2.at(field), "needs Prometheus \(first), this is \(version)")
            }
        }
        set("oauth2", part.json)
        leaveOut(part.leftOut)
    }

    /// Writes what says how a proxy is used: `proxyUrl`, `noProxy`, `proxyFromEnvironment`, `proxyConnectHeader`.
    mutating func setProxy(
        _ parent: Fields, in namespace: String, _ credentials: inout Credentials
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
        if let url, hasURL, !URLChecks.isURL(url, schemes: ["http", "https", "socks5"]) {
            throw FieldError(parent.at("proxyUrl"), "\"\(url)\" should be http://…, https://… or socks5://…")
        }
        if fromEnvironment == true, hasURL {
            throw FieldError(parent.at("proxyUrl"), "cannot stand beside proxyFromEnvironment")
        }
        if let noProxy, !noProxy.isEmpty, !hasURL {
            throw FieldError(parent.at("noProxy"), "needs proxyUrl")
        }
        if let headers, !headers.members.isEmpty, !hasURL, fromEnvironment != true {
            throw FieldError(headers.path, "needs proxyUrl or proxyFromEnvironment")
        }
    }
}

extension Credentials {
    /// A credential that stands in the configuration, without space around it, as Prometheus reads files.
    public mutating func trimmedValue(_ reference: CredentialReference, at path: FieldPath) throws(FieldError) -> String
    {
        try value(reference, at: path).trimmingSpaces
    }
}

extension String {
    /// The text without white space at its ends.
    var trimmingSpaces: String {
        let start = unicodeScalars.drop { $0.properties.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
