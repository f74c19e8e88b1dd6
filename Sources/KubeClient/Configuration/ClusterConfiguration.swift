/// The configuration of a cluster: the address of the API server, how to verify it, and the credentials for it.
///
/// It comes from a context of a kubeconfig or from the service account of a pod. Credentials in it are never printed.
public struct ClusterConfiguration: Sendable {
    /// Data in a kubeconfig or in a file. Files are read again when they change.
    public enum Source: Sendable, Hashable {
        /// Data in the kubeconfig.
        case data(Redacted<[UInt8]>)
        /// The path of a file.
        case file(String)
    }

    /// How requests authenticate, apart from a client certificate.
    public enum Authentication: Sendable, Hashable {
        /// Without authentication.
        case none
        /// With a user name and password.
        case basic(user: String, password: Redacted<String>)
        /// With a bearer token.
        case token(Redacted<String>)
        /// With a bearer token in a file that is renewed by others.
        case tokenFile(String)
        /// With the credentials of an exec plugin.
        case exec(ExecPlugin)
    }

    /// The user to impersonate.
    struct Impersonation: Sendable, Hashable {
        var user: String
        var uid: String?
        var groups: [String] = []
        var extra: [String: [String]] = [:]
    }

    /// The URL of the server; a path in it precedes every API path.
    public let server: ServerURL
    /// The default namespace.
    public var namespace: String
    /// The context of the kubeconfig.
    public var context: String?
    /// PEM certificates of the only authorities to trust; nil for those of the system.
    public var authorities: Source?
    /// The client certificate in PEM.
    public var clientCertificate: Source?
    /// The key of the client certificate in PEM.
    public var clientKey: Source?
    /// How requests authenticate.
    public var authentication: Authentication = .none
    /// The user to impersonate.
    var impersonation: Impersonation?
    /// The name in the server's certificate, if it is not the host of the URL.
    var tlsServerName: String?
    /// Whether to skip the verification of the server. Only true if a kubeconfig requests it.
    var skipsTLSVerification = false
    /// The URL of the proxy, which may contain a password: http, https or socks5h.
    var proxy: Redacted<String>?
    /// The hosts to reach without the proxy, in the syntax of `NO_PROXY`.
    var noProxy: String?
    /// Whether to request uncompressed responses.
    var disablesCompression = false
    /// The environment for exec plugins.
    var environment: [String: String] = [:]

    /// Creates a configuration without credentials. Throws `KubeClientError` if the URL is invalid.
    public init(server: String, namespace: String = "default") throws(KubeClientError) {
        self.server = try ServerURL(server)
        self.namespace = namespace
    }
}

extension ClusterConfiguration {
    /// The name to use in URLs in place of the server's host, for TLS.
    var effectiveTLSName: String? {
        guard let tlsServerName, !tlsServerName.isEmpty, server.scheme == "https", tlsServerName != server.host else {
            return nil
        }
        return tlsServerName
    }
}

extension ClusterConfiguration.Source {
    var isFile: Bool {
        if case .file = self { true } else { false }
    }
}
