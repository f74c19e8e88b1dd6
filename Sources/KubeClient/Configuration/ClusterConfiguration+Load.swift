import Glibc

extension ClusterConfiguration {
    /// Finds out where the API server is and who we are to it, as controller-runtime does.
    ///
    /// In this order: the kubeconfig given; `$KUBECONFIG`, a colon-separated list that is merged; the pod's service
    /// account, unless a context is asked for; `~/.kube/config`. Throws ``KubeClientError`` that names file, line, field,
    /// what was found and what would be right. The environment is this process's where none is given.
    public static func load(
        kubeconfig: String? = nil, context: String? = nil, environment: [String: String]? = nil
    ) throws(KubeClientError) -> ClusterConfiguration {
        let environment = environment ?? processEnvironment
        if let kubeconfig {
            return try Kubeconfig(files: [kubeconfig]).cluster(context: context, environment: environment)
        }
        if let list = environment["KUBECONFIG"], !list.isEmpty {
            let files = list.split(separator: ":").map(String.init)
            let existing = files.filter(FileReading.exists)
            guard !existing.isEmpty else {
                throw KubeClientError(.configuration, subject: "KUBECONFIG \(list)", "names no file that exists")
            }
            return try Kubeconfig(files: existing).cluster(context: context, environment: environment)
        }
        if context == nil, environment["KUBERNETES_SERVICE_HOST"]?.isEmpty == false {
            return try inCluster(environment: environment)
        }
        let home = environment["HOME"].map { "\($0)/.kube/config" }
        if let home, FileReading.exists(home) {
            return try Kubeconfig(files: [home]).cluster(context: context, environment: environment)
        }
        throw KubeClientError(
            .configuration, subject: "kubeconfig",
            "found none: expected one by flag, in $KUBECONFIG or at \(home ?? "~/.kube/config"), or a pod's service account"
        )
    }

    /// What Kubernetes puts into a pod: the API server's address in the environment, and the service account's files.
    ///
    /// Token and certificate authority are read again as they are renewed. Throws ``KubeClientError``.
    public static func inCluster(
        environment: [String: String]? = nil, directory: String = "/var/run/secrets/kubernetes.io/serviceaccount"
    ) throws(KubeClientError) -> ClusterConfiguration {
        let environment = environment ?? processEnvironment
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else {
            throw KubeClientError(
                .configuration, subject: "service account",
                "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set, as they are in a pod")
        }
        let bracketed = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        var result = try ClusterConfiguration(server: "https://\(bracketed):\(port)")
        _ = try FileReading.read("\(directory)/token", as: "service account token")
        result.authentication = .tokenFile("\(directory)/token")
        result.authorities = .file("\(directory)/ca.crt")
        _ = try FileReading.read("\(directory)/ca.crt", as: "service account's certificate authority")
        if let bytes = try? FileReading.read("\(directory)/namespace", as: "namespace") {
            let namespace = String(decoding: bytes, as: UTF8.self).trimmed
            if !namespace.isEmpty { result.namespace = namespace }
        }
        result.environment = environment
        result.setProxy(from: environment)
        return result
    }

    private static var processEnvironment: [String: String] {
        var result: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            let name = text.prefix { $0 != "=" }
            result[String(name)] = String(text.dropFirst(name.count + 1))
            next += 1
        }
        return result
    }
}
