import Crypto
import Kube
import PlanningInput
import TributaryAPI

/// TLS between the parts of a view's Thanos. The arguments of all parts are made from this value, so that they agree.
///
/// All parts have one certificate. Thanos reads a renewed one with the next connection, but the authorities only when it
/// starts: their hash is an annotation of the pods, so that others replace them.
struct ThanosTLS: Hashable {
    /// The Secret with the certificate.
    var secretName: String
    /// The name in the certificate that gRPC clients check. They connect to addresses that DNS has told.
    var serverName: String
    /// Whether who writes to routers and receivers has to have a certificate as well.
    var checksWriters: Bool
    /// The hash of the authorities; nil while they are not known.
    var authorities: String?

    static let folder = "/etc/thanos/tls"
    private static let certificate = "\(folder)/tls.crt"
    private static let key = "\(folder)/tls.key"
    private static let ca = "\(folder)/\(authoritiesKey)"
    static let authoritiesKey = "ca.crt"
    private static let authoritiesAnnotation = "tributary.dev/thanos-authorities"

    /// The arguments of a gRPC server, which only parts of Thanos may call.
    var grpcServer: [String] {
        [
            "--grpc-server-tls-cert=\(Self.certificate)", "--grpc-server-tls-key=\(Self.key)",
            "--grpc-server-tls-client-ca=\(Self.ca)",
        ]
    }

    /// The arguments of a querier, as the client of gRPC servers.
    var grpcClient: [String] {
        [
            "--grpc-client-tls-secure", "--grpc-client-tls-cert=\(Self.certificate)",
            "--grpc-client-tls-key=\(Self.key)", "--grpc-client-tls-ca=\(Self.ca)",
            "--grpc-client-server-name=\(serverName)",
        ]
    }

    /// The arguments of receivers and routers: as servers of gRPC and of remote writes, and as clients of each other. Those
    /// before v0.35.0 use TLS as clients if they do as servers.
    var receive: [String] {
        grpcServer
            + [
                "--remote-write.server-tls-cert=\(Self.certificate)", "--remote-write.server-tls-key=\(Self.key)",
            ] + (checksWriters ? ["--remote-write.server-tls-client-ca=\(Self.ca)"] : [])
            + [
                "--remote-write.client-tls-secure", "--remote-write.client-tls-cert=\(Self.certificate)",
                "--remote-write.client-tls-key=\(Self.key)", "--remote-write.client-tls-ca=\(Self.ca)",
                "--remote-write.client-server-name=\(serverName)",
            ]
    }

    /// The source of the volume, whose files are mounted in ``folder``.
    var volume: JSON { ["secret": ["secretName": JSON(secretName)]] }

    /// The annotations of pods.
    var annotations: [String: String] { authorities.map { [Self.authoritiesAnnotation: $0] } ?? [:] }

    // MARK: - HTTPS

    private static let webFolder = "/etc/thanos/web"
    private static let webFile = "web.yaml"

    /// The arguments of a part whose HTTP port takes queries. That of others has metrics and probes only.
    static let httpServer = ["--http.config=\(webFolder)/\(webFile)"]

    /// The name of the ConfigMap with the configuration of the HTTP port.
    static func webConfig(of view: String) -> String { "\(view)-thanos-web" }

    /// The ConfigMap. Read proxies cannot show a certificate, so none is asked for; NetworkPolicies say who comes here.
    static func webConfig(_ owner: Owner) -> Object {
        owner.object(
            .configMaps, webConfig(of: owner.metadata.name), labels: owner.labels("thanos", program: "thanos"),
            ["data": [webFile: "tls_server_config: {cert_file: \(certificate), key_file: \(key)}\n"]])
    }

    /// The mount path and the source of the volume with that ConfigMap.
    static func webVolume(of view: String) -> (path: String, source: JSON) {
        (webFolder, ["configMap": ["name": JSON(webConfig(of: view))]])
    }

    /// The environment of a Query Frontend, which trusts the authorities of the system: Thanos before v0.33.0 has no other
    /// way to say which.
    static let clientEnvironment: [JSON] = [["name": "SSL_CERT_FILE", "value": JSON(ca)]]
}

extension GlobalView {
    /// TLS between the parts of Thanos; nil for plain connections.
    func thanosTLS(in snapshot: Snapshot) -> ThanosTLS? {
        guard let secret = thanosTLSSecretName, let reference = thanosCertificate?.authorities else { return nil }
        var authorities: String?
        if case .value(let bytes) = snapshot.monitoring.find(reference) {
            authorities = String(SHA256.hexadecimal(String(decoding: bytes, as: UTF8.self)).prefix(12))
        }
        return ThanosTLS(
            secretName: secret,
            serverName: ThanosNames.tlsServerName(of: metadata.name, in: metadata.namespace ?? "default"),
            checksWriters: spec.gateway != nil, authorities: authorities)
    }
}
