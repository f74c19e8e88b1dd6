import Kube

extension ConfigWriter {
    /// Writes `tls_config` from `tlsConfig`, with keys of Secrets and ConfigMaps as files.
    ///
    /// `allowsFiles` allows `caFile`, `certFile` and `keyFile`, files in the pod.
    mutating func setTLS(
        _ tls: Fields?, in namespace: String, allowsFiles: Bool = false, _ credentials: inout CredentialResolver
    ) throws(FieldError) {
        guard let tls else { return }
        var part = ConfigWriter(version)
        for file in TLSSource.Part.allCases {
            let source = try TLSSource(tls, file, in: namespace, allowsFiles: allowsFiles)
            part.set(file.key, try source?.file(&credentials))
        }
        try TLSSource.checkPair(tls, allowsFiles: allowsFiles)
        try part.setTLSSettings(tls)
        set("tls_config", part.json)
        leaveOut(part.leftOut)
    }

    /// Writes the members of `tls_config` other than certificates and keys.
    mutating func setTLSSettings(_ tls: Fields) throws(FieldError) {
        set("insecure_skip_verify", try tls.bool("insecureSkipVerify").map { .bool($0) })
        set("server_name", try tls.text("serverName").map { JSON($0) })
        let versions = ["TLS10", "TLS11", "TLS12", "TLS13"]
        let least = try tls.word("minVersion", among: versions)
        let most = try tls.word("maxVersion", among: versions)
        if let least, let most, most < least {
            throw FieldError(tls.at("maxVersion"), "\(most) is older than minVersion \(least)")
        }
        set("min_version", least.map { JSON($0) }, since: .init(2, 35), at: tls.at("minVersion"))
        set("max_version", most.map { JSON($0) }, since: .init(2, 41), at: tls.at("maxVersion"))
    }
}
