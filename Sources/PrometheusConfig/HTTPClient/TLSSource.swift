import Kube

/// The source of a certificate or a key of a TLS configuration.
struct TLSSource {
    /// A file of a TLS configuration.
    enum Part: String, CaseIterable {
        /// The certificate authorities.
        case ca
        /// The client certificate.
        case cert
        /// The key of the client certificate.
        case key

        /// The member of `tls_config`.
        var key: String { "\(rawValue)_file" }
    }

    private enum Source {
        case credential(CredentialReference)
        case file(String)
    }

    private let part: Part
    private let source: Source
    private let path: FieldPath

    /// Reads the source of a part; nil if the configuration has none.
    init?(_ tls: Fields, _ part: Part, in namespace: String, allowsFiles: Bool) throws(FieldError) {
        self.part = part
        let field = part == .key ? "keySecret" : part.rawValue
        let fileField = "\(part.rawValue)File"
        path = tls.at(field)
        let reference =
            part == .key
            ? try tls.secretKey(field, in: namespace) : try tls.secretOrConfigMapKey(field, in: namespace)
        let file = allowsFiles ? try tls.text(fileField) : nil
        if reference != nil, file != nil {
            throw FieldError(tls.at(fileField), "cannot be set together with \(field)")
        }
        if let reference {
            source = .credential(reference)
        } else if let file {
            source = .file(file)
        } else {
            return nil
        }
    }

    /// The path of the file in the pod; throws ``FieldError`` if the credential does not exist or has other content.
    func file(_ credentials: inout CredentialResolver) throws(FieldError) -> JSON {
        switch source {
        case .file(let file): return JSON(file)
        case .credential(let reference):
            let block: PEMBlock = part == .key ? .privateKey : .certificate
            return JSON(try credentials.file(reference, at: path, problem: block.problem))
        }
    }

    /// Throws ``FieldError`` for a client certificate without a key or a key without a certificate.
    static func checkPair(_ tls: Fields, allowsFiles: Bool) throws(FieldError) {
        let cert = try TLSSource(tls, .cert, in: "", allowsFiles: allowsFiles)
        let key = try TLSSource(tls, .key, in: "", allowsFiles: allowsFiles)
        if cert != nil, key == nil { throw FieldError(tls.at("cert"), "needs keySecret") }
        if key != nil, cert == nil { throw FieldError(tls.at("keySecret"), "needs cert") }
    }
}
