/// The settings of a connection. Exchanges with equal settings share connections.
final class ConnectionSettings: Sendable {
    /// `CURLOPT_CONNECT_TO`: the actual address, if the host of the URL is only a name for TLS.
    let connectTo: String?
    let proxy: String?
    let noProxy: String?
    /// PEM certificates of the only authorities to trust; nil for those of the system.
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
