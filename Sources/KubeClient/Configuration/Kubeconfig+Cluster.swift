import Kube

extension Kubeconfig {
    /// What a context says; without a name, the current one.
    func cluster(context name: String?, environment: [String: String]) throws(KubeClientError) -> ClusterConfiguration {
        guard let contextName = name ?? currentContext else {
            throw KubeClientError(
                .configuration, subject: self.name, "current-context: is not set, expected one of \(names(contexts))")
        }
        guard let context = contexts[contextName] else {
            throw KubeClientError(
                .configuration, subject: self.name,
                "found no context \"\(contextName)\", expected one of \(names(contexts))")
        }
        guard let clusterName = try context.text("cluster") else { throw context.fail("has no cluster") }
        guard let cluster = clusters[clusterName] else {
            throw context.fail("cluster: found \"\(clusterName)\", expected one of \(names(clusters))")
        }
        var user: Node?
        if let userName = try context.text("user") {
            guard let found = users[userName] else {
                throw context.fail("user: found \"\(userName)\", expected one of \(names(users))")
            }
            user = found
        }
        var result = try Self.server(cluster)
        result.context = contextName
        result.namespace = try context.text("namespace") ?? "default"
        result.environment = environment
        try result.setProxy(cluster, environment)
        // No user at all is somebody, too: the API server calls them system:anonymous.
        if let user { try result.setUser(user, cluster) }
        return result
    }

    private func names(_ entries: [String: Node]) -> String {
        let names = entries.keys.sorted().prefix(10).map { "\"\($0)\"" }
        if names.isEmpty { return "some, but there are none" }
        return names.joined(separator: ", ") + (entries.count > 10 ? ", …" : "")
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
    /// A file's path, made absolute by the folder of the kubeconfig.
    func path(_ key: String) throws(KubeClientError) -> String? {
        guard let path = try text(key) else { return nil }
        return path.hasPrefix("/") ? path : "\(file.folder)/\(path)"
    }

    /// What `key-data` holds in base 64, or else the file that `key` names.
    func source(_ key: String) throws(KubeClientError) -> ClusterConfiguration.Source? {
        if let text = try text("\(key)-data") {
            guard let bytes = Base64.decode(text.utf8) else {
                throw fail("\(key)-data: found \(text.utf8.count) characters that are not base 64")
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
            throw provider.fail("found auth provider \"\(name)\", which Kubernetes has given up: expected exec")
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
        // As in a shell: a path is a path, a bare name is looked for in PATH.
        if command.contains("/"), !command.hasPrefix("/") { command = "\(exec.file.folder)/\(command)" }
        let version = try exec.text("apiVersion") ?? ""
        let versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"]
        guard versions.contains(version) else {
            throw exec.fail("apiVersion: found \"\(version)\", expected \(versions.joined(separator: " or "))")
        }
        if try exec.text("interactiveMode") == "Always" {
            throw exec.fail(
                "interactiveMode: found \"Always\", but there is no terminal here: expected Never or IfAvailable")
        }
        var plugin = ExecPlugin(apiVersion: version, command: command)
        plugin.arguments = try exec.texts("args")
        for variable in try exec.list("env") {
            guard let name = try variable.text("name") else { throw variable.fail("has no name") }
            plugin.environment[name] = Redacted(try variable.text("value") ?? "")
        }
        plugin.installHint = try exec.text("installHint")
        if try exec.flag("provideClusterInfo") { plugin.clusterInfo = Redacted(try clusterInfo(cluster).encoded()) }
        return plugin
    }

    /// The `Cluster` of `client.authentication.k8s.io`, which a plugin gets if it asks for it.
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

    /// The kubeconfig's proxy, or else the environment's as Go's `ProxyFromEnvironment` reads it.
    fileprivate mutating func setProxy(
        _ cluster: Kubeconfig.Node, _ environment: [String: String]
    ) throws(KubeClientError) {
        guard let url = try cluster.text("proxy-url") else {
            setProxy(from: environment)
            return
        }
        let scheme = url.prefix { $0 != ":" }.lowercased()
        guard ["http", "https", "socks5", "socks5h"].contains(scheme), url.dropFirst(scheme.count).hasPrefix("://")
        else {
            throw cluster.fail("proxy-url: found scheme \"\(scheme)\", expected http, https or socks5")
        }
        // Like Go, let the proxy look up names.
        proxy = Redacted(scheme == "socks5" ? "socks5h" + url.dropFirst(6) : url)
    }

    mutating func setProxy(from environment: [String: String]) {
        // Go never asks a proxy for this machine.
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
