import Kube

extension Kubeconfig {
    /// The configuration of a context; without a name, of the current one.
    func cluster(context name: String?, environment: [String: String]) throws(KubeClientError) -> ClusterConfiguration {
        guard let contextName = name ?? currentContext else {
            throw KubeClientError(
                .configuration, subject: self.name, "current-context: is not set\(expected(contexts, "contexts"))")
        }
        guard let context = contexts[contextName] else {
            throw KubeClientError(
                .configuration, subject: self.name,
                "found no context \"\(contextName)\"\(expected(contexts, "contexts"))")
        }
        guard let clusterName = try context.text("cluster") else { throw context.fail("has no cluster") }
        guard let cluster = clusters[clusterName] else {
            throw context.fail("cluster: found \"\(clusterName)\"\(expected(clusters, "clusters"))")
        }
        var user: Node?
        if let userName = try context.text("user") {
            guard let found = users[userName] else {
                throw context.fail("user: found \"\(userName)\"\(expected(users, "users"))")
            }
            user = found
        }
        var result = try Self.server(cluster)
        result.context = contextName
        result.namespace = try context.text("namespace") ?? "default"
        result.environment = environment
        try result.setProxy(cluster, environment)
        // A context may have no user: the API server then uses system:anonymous.
        if let user { try result.setUser(user, cluster) }
        return result
    }

    /// The end of a message about a name that is not in a list.
    private func expected(_ entries: [String: Node], _ list: String) -> String {
        let names = entries.keys.sorted().prefix(10).map { "\"\($0)\"" }
        if names.isEmpty { return "; \(list) is empty" }
        return ", expected one of \(names.joined(separator: ", "))\(entries.count > 10 ? ", …" : "")"
    }

    private static func server(_ cluster: Node) throws(KubeClientError) -> ClusterConfiguration {
        guard let server = try cluster.text("server") else { throw cluster.fail("has no server") }
        var result: ClusterConfiguration
        do {
            result = try ClusterConfiguration(server: server)
        } catch {
            throw cluster.fail("\(error)")
        }
        result.authorities = try cluster.source("certificate-authority")
        result.tlsServerName = try cluster.text("tls-server-name")
        result.skipsTLSVerification = try cluster.flag("insecure-skip-tls-verify")
        result.disablesCompression = try cluster.flag("disable-compression")
        if result.skipsTLSVerification, result.authorities != nil {
            throw cluster.fail(
                "found both insecure-skip-tls-verify and a certificate authority, expected at most one of them")
        }
        return result
    }
}

extension Kubeconfig.Node {
    /// The path of a file, relative to the folder of the kubeconfig.
    func path(_ key: String) throws(KubeClientError) -> String? {
        guard let path = try text(key) else { return nil }
        return path.hasPrefix("/") ? path : "\(file.folder)/\(path)"
    }

    /// The base64 data of `key-data`, or else the file of `key`.
    func source(_ key: String) throws(KubeClientError) -> ClusterConfiguration.Source? {
        if let text = try text("\(key)-data") {
            guard let bytes = Base64.decode(text.utf8) else {
                throw fail("\(key)-data: found \(text.utf8.count) characters that are not valid base64")
            }
            return .data(Redacted(bytes))
        }
        return try path(key).map { .file($0) }
    }
}

extension ClusterConfiguration {
    fileprivate mutating func setUser(_ user: Kubeconfig.Node, _ cluster: Kubeconfig.Node) throws(KubeClientError) {
        clientCertificate = try user.source("client-certificate")
        clientKey = try user.source("client-key")
        if (clientCertificate == nil) != (clientKey == nil) {
            let (found, missing) =
                clientKey == nil ? ("client-certificate", "client-key") : ("client-key", "client-certificate")
            throw user.fail("found \(found) without \(missing), expected both")
        }
        if let name = try user.text("username") {
            authentication = .basic(user: name, password: Redacted(try user.text("password") ?? ""))
        } else if let token = try user.text("token") {
            authentication = .token(Redacted(token.trimmed))
        } else if let path = try user.path("tokenFile") {
            authentication = .tokenFile(path)
        } else if let exec = try user.object("exec") {
            authentication = .exec(try plugin(exec, cluster))
        } else if let provider = try user.object("auth-provider") {
            let name = try provider.text("name") ?? ""
            throw provider.fail("found auth provider \"\(name)\", which Kubernetes has removed; expected exec")
        }
        if let name = try user.text("as") {
            var impersonation = Impersonation(user: name)
            impersonation.uid = try user.text("as-uid")
            impersonation.groups = try user.texts("as-groups")
            if let extra = try user.object("as-user-extra") {
                for key in extra.value.object?.keys.elements ?? [] { impersonation.extra[key] = try extra.texts(key) }
            }
            self.impersonation = impersonation
        } else if user["as-uid"] != nil || user["as-groups"] != nil || user["as-user-extra"] != nil {
            throw user.fail("found as-uid, as-groups or as-user-extra without as")
        }
    }

    private func plugin(_ exec: Kubeconfig.Node, _ cluster: Kubeconfig.Node) throws(KubeClientError) -> ExecPlugin {
        guard var command = try exec.text("command") else { throw exec.fail("has no command") }
        // As in a shell, a name without a slash is looked up in PATH.
        if command.contains("/"), !command.hasPrefix("/") { command = "\(exec.file.folder)/\(command)" }
        let version = try exec.text("apiVersion") ?? ""
        let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
        guard versions.contains(version) else {
            throw exec.fail("apiVersion: found \"\(version)\", expected \(versions.joined(separator: " or "))")
        }
        if try exec.text("interactiveMode") == "Always" {
            throw exec.fail(
                "interactiveMode: found \"Always\", but there is no terminal; expected Never or IfAvailable")
        }
        var plugin = ExecPlugin(apiVersion: version, command: command)
        plugin.arguments = try exec.texts("args")
        for variable in try exec.list("env") {
            guard let name = try variable.text("name") else { throw variable.fail("has no name") }
            plugin.environment[name] = Redacted(try variable.text("value") ?? "")
        }
        plugin.installHint = try exec.text("installHint")
        if try exec.flag("provideClusterInfo") { plugin.clusterInfo = Redacted(try clusterInfo(cluster)) }
        return plugin
    }

    /// The `Cluster` of `client.authentication.k8s.io` for plugins that request it.
    private func clusterInfo(_ cluster: Kubeconfig.Node) throws(KubeClientError) -> JSON {
        var json: JSON = ["server": .string(server.description)]
        if let tlsServerName { json["tls-server-name"] = .string(tlsServerName) }
        if skipsTLSVerification { json["insecure-skip-tls-verify"] = true }
        switch authorities {
        case .data(let data): json["certificate-authority-data"] = .string(Base64.encode(data.value))
        case .file(let path):
            let bytes = try FileReading.read(path, as: "certificate authority")
            json["certificate-authority-data"] = .string(Base64.encode(bytes))
        case nil: break
        }
        if let proxy { json["proxy-url"] = .string(proxy.value) }
        if disablesCompression { json["disable-compression"] = true }
        for node in try cluster.list("extensions") where try node.text("name") == "client.authentication.k8s.io/exec" {
            json["config"] = node.value["extension"]
        }
        return json
    }

}
