/// Where an API server is, how to know that it is the right one, and who we are to it.
///
/// What a kubeconfig's context says, or what a pod finds in its file system. Credentials in it never print.
public struct ClusterConfiguration: Sendable {
    /// Something that a kubeconfig holds itself or names the file of; files are read again when they change.
    public enum Source: Sendable, Hashable {
        case data(Redacted<[UInt8]>)
        case file(String)
    }

    /// How requests prove who sends them, beside a client certificate.
    public enum Authentication: Sendable, Hashable {
        /// Not at all.
        case none
        /// By user name and password.
        case basic(user: String, password: Redacted<String>)
        /// By a bearer token.
        case token(Redacted<String>)
        /// By a bearer token in a file, which others renew.
        case tokenFile(String)
        /// By what a program says.
        case exec(ExecPlugin)
    }

    /// Whom to act as, if the API server lets us.
    public struct Impersonation: Sendable, Hashable {
        public var user: String
        public var uid: String?
        public var groups: [String] = []
        public var extra: [String: [String]] = [:]

        /// Acts as a user.
        public init(user: String) { self.user = user }
    }

    /// The server's URL; a path in it comes before every API path.
    public let server: ServerURL
    /// The namespace that is meant where none is given.
    public var namespace: String
    /// The context that this was read from.
    public var context: String?
    /// PEM certificates of the authorities to trust, and no others; nil means those that the system trusts.
    public var authorities: Source?
    /// Our certificate, in PEM.
    public var clientCertificate: Source?
    /// The key of our certificate, in PEM.
    public var clientKey: Source?
    /// How requests prove who sends them.
    public var authentication: Authentication = .none
    /// Whom to act as.
    public var impersonation: Impersonation?
    /// The name that the server's certificate must bear, where it is not the URL's host.
    public var tlsServerName: String?
    /// Whether to take any server for the right one. Only ever true because a kubeconfig asks for it.
    public var skipsTLSVerification = false
    /// The proxy's URL, which may hold a password: http, https or socks5h.
    public var proxy: Redacted<String>?
    /// The hosts that are reached without proxy, as `NO_PROXY` lists them.
    public var noProxy: String?
    /// Whether answers may not be compressed.
    public var disablesCompression = false
    /// What exec plugins and proxies are told of the surroundings.
    public var environment: [String: String] = [:]

    /// A cluster that wants no credentials, such as a local one. Throws `KubeClientError` if the URL cannot be used.
    public init(server: String, namespace: String = "default") throws(KubeClientError) {
        self.server = try ServerURL(server)
        self.namespace = namespace
    }
}

/// A program that knows credentials: `client.authentication.k8s.io` ExecCredential, v1 or v1beta1.
public struct ExecPlugin: Sendable, Hashable {
    /// The `apiVersion` that the program is to answer in.
    public var apiVersion: String
    /// The program: a path, or a name that is looked for in `PATH`.
    public var command: String
    public var arguments: [String] = []
    /// Variables beside our own.
    public var environment: [String: Redacted<String>] = [:]
    /// What to tell the user if the program is not there.
    public var installHint: String?
    /// What the program is told of the cluster, as JSON; nil if it does not ask for it.
    public var clusterInfo: Redacted<[UInt8]>?
    /// How long the program may take.
    public var timeout: Duration = .seconds(60)

    /// A program.
    public init(apiVersion: String = "client.authentication.k8s.io/v1", command: String) {
        self.apiVersion = apiVersion
        self.command = command
    }
}
