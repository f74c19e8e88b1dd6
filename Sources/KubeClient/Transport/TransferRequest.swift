/// Everything that one HTTP exchange needs, worked out before it is handed to libcurl's thread.
struct TransferRequest: Sendable {
    var method: String
    /// The whole URL, as libcurl gets it.
    var url: String
    /// `Name: value`, among them the credential.
    var headers: [String] = []
    var body: [UInt8]?
    var mode: TransferStateMachine.Mode
    var connection: ConnectionSettings
    var limits: TimeLimits
    var userAgent: String
    /// Whether the connection may serve other exchanges before and after; else the server is told that it will not.
    var sharesConnection = true
}

/// How long the steps of an exchange may take; nil means without limit.
struct TimeLimits: Sendable, Hashable {
    /// Name lookup, TCP, proxy and TLS together.
    var connect: Duration = .seconds(30)
    /// The longest time without a byte.
    var stall: Duration?
    /// The whole exchange.
    var total: Duration?
}

/// How a connection is made. Exchanges with equal settings share connections.
final class ConnectionSettings: Sendable {
    /// `CURLOPT_CONNECT_TO`: where to really connect to, if the URL's host is a name for TLS only.
    let connectTo: String?
    let proxy: String?
    let noProxy: String?
    /// PEM certificates of the only authorities to trust; nil means the system's.
    let authorities: [UInt8]?
    let clientCertificate: [UInt8]?
    let clientKey: [UInt8]?
    let verifiesServer: Bool
    let allowsCompression: Bool

    init(
        connectTo: String? = nil, proxy: String? = nil, noProxy: String? = nil, authorities: [UInt8]? = nil,
        clientCertificate: [UInt8]? = nil, clientKey: [UInt8]? = nil, verifiesServer: Bool = true,
        allowsCompression: Bool = true
    ) {
        self.connectTo = connectTo
        self.proxy = proxy
        self.noProxy = noProxy
        self.authorities = authorities
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.verifiesServer = verifiesServer
        self.allowsCompression = allowsCompression
    }
}
