import Glibc

extension ClusterConfiguration {
    /// Loads the configuration as controller-runtime does.
    ///
    /// The first of these applies: the given kubeconfig; `$KUBECONFIG`, a colon-separated list of files to merge; the
    /// service account of the pod, unless a context is given; `~/.kube/config`. Without an environment, that of this
    /// process applies. Throws ``KubeClientError`` with the file, the line and the field.
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
                throw KubeClientError(.configuration, subject: "KUBECONFIG \(list)", "none of the files exists")
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
            "not found: expected a flag, $KUBECONFIG, \(home ?? "~/.kube/config") or the service account of a pod"
        )
    }

    /// The configuration of a pod: the address of the API server in the environment, and the files of the service
    /// account.
    ///
    /// The token and the certificate authority are read again when renewed. Throws ``KubeClientError``.
    static func inCluster(
        environment: [String: String]? = nil, directory: String = "/var/run/secrets/kubernetes.io/serviceaccount"
    ) throws(KubeClientError) -> ClusterConfiguration {
        let environment = environment ?? processEnvironment
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let port = environment["KUBERNETES_SERVICE_PORT"], !port.isEmpty
        else {
            throw KubeClientError(
                .configuration, subject: "service account",
                "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set, expected the environment of a pod")
        }
        let bracketed = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        var result = try ClusterConfiguration(server: "https://\(bracketed):\(port)")
        _ = try FileReading.read("\(directory)/token", as: "service account token")
        result.authentication = .tokenFile("\(directory)/token")
        result.authorities = .file("\(directory)/ca.crt")
        _ = try FileReading.read("\(directory)/ca.crt", as: "service account's certificate authority")
        // As in client-go, a missing namespace file is no error: the namespace is only a default.
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
