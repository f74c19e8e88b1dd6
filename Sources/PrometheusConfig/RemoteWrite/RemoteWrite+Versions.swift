import Kube

extension RemoteWrite {
    /// A member that came with some version of Prometheus.
    struct Gate: Sendable {
        let path: [String]
        let since: PrometheusVersion
        /// What follows where the version is older.
        let effect: ConfigProblem.Effect

        init(_ path: String, _ since: PrometheusVersion, _ effect: ConfigProblem.Effect = .dropped) {
            self.path = path.split(separator: ".").map(String.init)
            self.since = since
            self.effect = effect
        }
    }

    /// What came with which version, by prometheus-operator v0.93.
    ///
    /// What a version does not know is left out, unless requests would then go without their authentication: such a
    /// place to send to is left out as a whole.
    static let gates: [Gate] =
        [
            Gate("protobuf_message", .init(2, 54)), Gate("send_native_histograms", .init(2, 40)),
            Gate("enable_http2", .init(2, 35)), Gate("no_proxy", .init(2, 43)),
            Gate("proxy_from_environment", .init(2, 43)), Gate("proxy_connect_header", .init(2, 43), .rejected),
            Gate("queue_config.sample_age_limit", .init(2, 50)), Gate("round_robin_dns", .init(3, 1)),
            Gate("basic_auth.username_file", HTTPClientChecks.usernameFile, .rejected),
            Gate("oauth2.tls_config", .init(2, 43), .rejected), Gate("oauth2.proxy_url", .init(2, 43)),
            Gate("oauth2.no_proxy", .init(2, 43)), Gate("oauth2.proxy_from_environment", .init(2, 43)),
            Gate("oauth2.proxy_connect_header", .init(2, 43), .rejected),
            Gate("azuread.oauth", .init(2, 48), .rejected), Gate("azuread.sdk", .init(2, 52), .rejected),
            Gate("azuread.workload_identity", .init(3, 7), .rejected), Gate("azuread.scope", .init(3, 9)),
            Gate("azuread", .init(2, 45), .rejected), Gate("sigv4.external_id", .init(3, 11)),
            Gate("sigv4.use_fips_sts_endpoint", .init(2, 54)),
        ] + TLS.gates("tls_config") + TLS.gates("oauth2.tls_config")

    /// The message of remote write 2.0, which carries metadata with its samples.
    static let secondMessage = "io.prometheus.write.v2.Request"
}

extension RemoteWrite.TLS {
    /// The members that came with some version.
    static let since: [(key: String, version: PrometheusVersion)] = [
        ("min_version", .init(2, 35)), ("max_version", .init(2, 41)),
    ]

    fileprivate static func gates(_ path: String) -> [RemoteWrite.Gate] {
        since.map { RemoteWrite.Gate("\(path).\($0.key)", $0.version) }
    }
}
