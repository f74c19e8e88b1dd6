import Kube

extension ConfigWriter {
    /// Writes `basic_auth` from `basicAuth`: the password as a file, and the user name as a file if the version reads
    /// it from one.
    mutating func setBasicAuth(
        _ parent: Fields, in namespace: String, _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        guard let basic = try parent.object("basicAuth") else { return }
        let username = try basic.requiredSecretKey("username", in: namespace)
        let password = try basic.requiredSecretKey("password", in: namespace)
        var settings: JSON.Members = [:]
        if version >= .firstUsernameFile {
            settings["username_file"] = JSON(try credentials.file(username, at: basic.at("username")))
        } else {
            settings["username"] = JSON(try credentials.trimmedValue(username, at: basic.at("username")))
        }
        settings["password_file"] = JSON(try credentials.file(password, at: basic.at("password")))
        set("basic_auth", .object(settings))
    }

    /// Writes `bearer_token_file` from the deprecated `bearerTokenSecret`; one without a name is absent.
    mutating func setBearerToken(
        _ parent: Fields, in namespace: String, _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        let key = "bearerTokenSecret"
        guard let selector = try parent.object(key), try selector.text("name") != nil else { return }
        let reference = try selector.reference(.secret, in: namespace)
        set("bearer_token_file", JSON(try credentials.file(reference, at: parent.at(key))))
    }

    /// Writes `authorization`, with the credentials as a file.
    ///
    /// `allowsFiles` allows `credentialsFile`, a file in the pod, which only settings of the agent itself can name.
    mutating func setAuthorization(
        _ authorization: Fields?, in namespace: String, allowsFiles: Bool = false,
        _ credentials: inout CredentialResolver
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

    /// The scheme of an `Authorization` header; `Bearer` by default.
    private static func authorizationType(_ authorization: Fields) throws(FieldError) -> String {
        let text = try authorization.string("type") ?? ""
        let type = text.trimmingSpaces
        if type.lowercased() == "basic" {
            throw FieldError(authorization.at("type"), "cannot be Basic; use basicAuth")
        }
        return text.isEmpty ? "Bearer" : type
    }

    /// Writes `oauth2`, with the client secret as a file; the configuration itself contains the client id.
    mutating func setOAuth2(
        _ parent: Fields, in namespace: String, _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        guard let oauth2 = try parent.object("oauth2") else { return }
        guard let id = try oauth2.secretOrConfigMapKey("clientId", in: namespace) else {
            throw FieldError(oauth2.at("clientId"), "is required")
        }
        let secret = try oauth2.requiredSecretKey("clientSecret", in: namespace)
        let url = try oauth2.requiredText("tokenUrl")
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw FieldError(oauth2.at("tokenUrl"), "\"\(url)\" should be http://host… or https://host…")
        }
        var part = ConfigWriter(version)
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
                leaveOut(oauth2.at(field), version.needs(first))
            }
        }
        set("oauth2", part.json)
        leaveOut(part.leftOut)
    }
}
