import Kube

extension RemoteWrite {
    /// A member that a version of Prometheus introduced.
    struct Gate: Sendable {
        /// The path of the member.
        let path: [String]
        /// The first version that knows the member.
        let since: PrometheusVersion
        /// The consequence of an older version.
        let effect: ConfigProblem.Effect

        init(_ path: String, _ since: PrometheusVersion, _ effect: ConfigProblem.Effect = .dropped) {
            self.path = path.split(separator: ".").map(String.init)
            self.since = since
            self.effect = effect
        }
    }

    /// The members that versions introduced, by prometheus-operator v0.93.
    ///
    /// A member that a version does not know is omitted. If requests would lack their authentication without it, the
    /// whole remote write is omitted.
    static let gates: [Gate] =
        [
            Gate("protobuf_message", .init(2, 54)), Gate("send_native_histograms", .init(2, 40)),
            Gate("enable_http2", .init(2, 35)), Gate("no_proxy", .init(2, 43)),
            Gate("proxy_from_environment", .init(2, 43)), Gate("proxy_connect_header", .init(2, 43), .rejected),
            Gate("queue_config.sample_age_limit", .init(2, 50)), Gate("round_robin_dns", .init(3, 1)),
            Gate("basic_auth.username_file", .firstUsernameFile, .rejected),
            Gate("oauth2.tls_config", .init(2, 43), .rejected), Gate("oauth2.proxy_url", .init(2, 43)),
            Gate("oauth2.no_proxy", .init(2, 43)), Gate("oauth2.proxy_from_environment", .init(2, 43)),
            Gate("oauth2.proxy_connect_header", .init(2, 43), .rejected),
            Gate("azuread.oauth", .init(2, 48), .rejected), Gate("azuread.sdk", .init(2, 52), .rejected),
            Gate("azuread.workload_identity", .init(3, 7), .rejected), Gate("azuread.scope", .init(3, 9)),
            Gate("azuread", .init(2, 45), .rejected), Gate("sigv4.external_id", .init(3, 11)),
            Gate("sigv4.use_fips_sts_endpoint", .init(2, 54)),
        ] + TLS.gates("tls_config") + TLS.gates("oauth2.tls_config")

    /// The message type of remote write 2.0, in which samples carry their metadata.
    static let secondMessage = "io.prometheus.write.v2.Request"
}

extension RemoteWrite.TLS {
    /// The members that versions introduced.
    static let since: [(key: String, version: PrometheusVersion)] = [
        ("min_version", .init(2, 35)), ("max_version", .init(2, 41)),
    ]

    fileprivate static func gates(_ path: String) -> [RemoteWrite.Gate] {
        since.map { RemoteWrite.Gate("\(path).\($0.key)", $0.version) }
    }
}
