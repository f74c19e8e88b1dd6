import Kube

extension JobWriter {
    /// Writes `tls_config` from `tlsConfig`: what Secrets and ConfigMaps hold is read as files.
    ///
    /// Files of the pod's own (`caFile`, `certFile`, `keyFile`) can be named where `allowsFiles`.
    mutating func setTLS(
        _ tls: Fields?, in namespace: String, allowsFiles: Bool = false, _ credentials: inout Credentials
    ) throws(FieldError) {
        guard let tls else { return }
        var part = JobWriter(version)
        for key in ["ca", "cert", "key"] {
            let source = try TLSSource(tls, key, in: namespace, allowsFiles: allowsFiles)
            part.set("\(key)_file", try source?.file(&credentials))
        }
        try TLSSource.checkPair(tls, allowsFiles: allowsFiles)
        try part.setTLSSettings(tls)
        set("tls_config", part.json)
        leaveOut(part.leftOut)
    }

    /// Writes what a TLS configuration has besides certificates and keys.
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

/// Where a certificate or a key of a TLS configuration comes from.
struct TLSSource {
    /// What is read: `ca`, `cert` or `key`.
    enum Part: String { case ca, cert, key }

    private enum Source {
        case credential(CredentialReference)
        case file(String)
    }

    private let part: Part
    private let source: Source
    private let path: FieldPath

    /// The source of one part; nil where the configuration names none.
    init?(_ tls: Fields, _ key: String, in namespace: String, allowsFiles: Bool) throws(FieldError) {
        guard let part = Part(rawValue: key) else { return nil }
        self.part = part
        let field = part == .key ? "keySecret" : key
        path = tls.at(field)
        let reference =
            part == .key
            ? try tls.secretKey(field, in: namespace) : try tls.secretOrConfigMapKey(field, in: namespace)
        let file = allowsFiles ? try tls.text("\(key)File") : nil
        if reference != nil, file != nil { throw FieldError(tls.at("\(key)File"), "cannot stand beside \(field)") }
        if let reference {
            source = .credential(reference)
        } else if let file {
            source = .file(file)
        } else {
            return nil
        }
    }

    /// The path of the file in the pod; throws where there is none, or where it has not what it should have.
    func file(_ credentials: inout Credentials) throws(FieldError) -> JSON {
        switch source {
        case .file(let file): return JSON(file)
        case .credential(let reference):
            let block: PEMBlock = part == .key ? .privateKey : .certificate
            return JSON(try credentials.file(reference, at: path, problem: block.problem))
        }
    }

    /// Throws where there is a client certificate without a key or the other way round.
    static func checkPair(_ tls: Fields, allowsFiles: Bool) throws(FieldError) {
        let cert = try TLSSource(tls, "cert", in: "", allowsFiles: allowsFiles)
        let key = try TLSSource(tls, "key", in: "", allowsFiles: allowsFiles)
        if cert != nil, key == nil { throw FieldError(tls.at("cert"), "needs keySecret") }
        if key != nil, cert == nil { throw FieldError(tls.at("keySecret"), "needs cert") }
    }
}

/// What a file for TLS should have in it.
public enum PEMBlock: Sendable {
    case certificate, privateKey

    /// What is wrong with a file's text; nil where nothing is.
    func problem(_ text: String) -> String? {
        switch self {
        case .certificate: PEM.hasBlock(text, "CERTIFICATE") ? nil : "has no PEM block with a certificate"
        case .privateKey: PEM.hasBlock(text, "PRIVATE KEY") ? nil : "has no PEM block with a private key"
        }
    }
}

/// The text form of certificates and keys (RFC 7468), as far as it can be looked at without cryptography.
enum PEM {
    /// Whether text has a block whose label ends with a word and whose content is base 64 of a DER sequence.
    static func hasBlock(_ text: String, _ word: String) -> Bool {
        var label: Substring?
        var content: [UInt8] = []
        for line in text.split(whereSeparator: \.isNewline) {
            if line.hasPrefix("-----BEGIN "), line.hasSuffix("-----") {
                label = line.dropFirst("-----BEGIN ".count).dropLast(5)
                content = []
            } else if let open = label, line.hasPrefix("-----END ") {
                let isMeant = open.hasSuffix(word) && line == "-----END \(open)-----"
                if isMeant, Base64.decode(content)?.first == 0x30 { return true }
                label = nil
            } else if label != nil, !line.contains(":") {
                content += line.utf8.filter { $0 > 0x20 }
            }
        }
        return false
    }
}
