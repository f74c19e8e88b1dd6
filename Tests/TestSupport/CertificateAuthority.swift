/// An authority that signs certificates, by openssl.
public struct CertificateAuthority: Sendable {
    private let directory: TemporaryDirectory
    private let name: String
    /// The path of its certificate.
    public var certificate: String { directory.path("\(name).crt") }

    /// Whether openssl is installed.
    public static let isPossible = ChildProcess.find("openssl") != nil

    /// Creates an authority with its key in a folder.
    public static func make(in directory: TemporaryDirectory, _ name: String) async throws -> CertificateAuthority {
        let authority = CertificateAuthority(directory: directory, name: name)
        try await authority.openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=\(name)", "-keyout", directory.path("\(name).key"), "-out", authority.certificate)
        return authority
    }

    /// Issues a certificate. Returns the path of it and its key, without `.crt` and `.key`. `extensions` are lines of
    /// openssl's configuration.
    @discardableResult
    public func issue(
        _ file: String, subject: String, server: Bool = false, extensions: String? = nil, days: Int = 2
    ) async throws -> String {
        let path = directory.path(file)
        let usual = server ? "subjectAltName=DNS:localhost" : "extendedKeyUsage=clientAuth"
        try directory.write("\(file).ext", extensions ?? usual)
        try await openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", subject, "-keyout",
            "\(path).key", "-out", "\(path).csr")
        try await openssl(
            "x509", "-req", "-in", "\(path).csr", "-CA", certificate, "-CAkey", directory.path("\(name).key"),
            "-set_serial", "1", "-days", "\(days)", "-extfile", "\(path).ext", "-out", "\(path).crt")
        return path
    }

    /// Runs openssl.
    public func openssl(_ arguments: String...) async throws {
        let made = try await ChildProcess.run(ChildProcess.find("openssl") ?? "openssl", arguments)
        guard made.code == 0 else { throw WaitingError(description: "openssl \(arguments): \(made.output)") }
    }
}
