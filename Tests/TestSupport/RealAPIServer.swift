/// A real kube-apiserver with etcd on loopback, from `KUBEBUILDER_ASSETS` or its default folder.
public final class RealAPIServer: Sendable {
    /// The folder with the binaries; nil if they are not installed.
    public static var assets: String? {
        let folder = ChildProcess.environment["KUBEBUILDER_ASSETS"] ?? "/usr/local/kubebuilder/bin"
        let hasAll = ["etcd", "kube-apiserver"].allSatisfy { ChildProcess.find($0, in: [folder]) == "\(folder)/\($0)" }
        return hasAll ? folder : nil
    }

    /// The server's address.
    public let url: String
    /// The path of a kubeconfig for an administrator.
    public let kubeconfig: String
    private let directory: TemporaryDirectory
    private let etcd: ChildProcess
    private let server: ChildProcess

    /// Starts etcd and kube-apiserver, and waits until the server is ready. Throws the end of its log if it ends.
    public init() async throws {
        guard let assets = Self.assets else {
            throw WaitingError(description: "kube-apiserver is not found: set KUBEBUILDER_ASSETS")
        }
        let directory = try TemporaryDirectory()
        self.directory = directory
        try await Self.makeCertificates(in: directory)
        let (client, peer, port) = (try freePort(), try freePort(), try freePort())
        func pki(_ name: String) -> String { directory.path("pki/\(name)") }
        etcd = try ChildProcess(
            "\(assets)/etcd",
            [
                "--name=t", "--data-dir=\(directory.path("etcd"))", "--unsafe-no-fsync", "--log-level=warn",
                "--listen-client-urls=http://127.0.0.1:\(client)", "--advertise-client-urls=http://127.0.0.1:\(client)",
                "--listen-peer-urls=http://127.0.0.1:\(peer)", "--initial-cluster=t=http://127.0.0.1:\(peer)",
                "--initial-advertise-peer-urls=http://127.0.0.1:\(peer)",
            ], logPath: directory.path("etcd.log"))
        server = try ChildProcess(
            "\(assets)/kube-apiserver",
            [
                "--etcd-servers=http://127.0.0.1:\(client)", "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1", "--secure-port=\(port)",
                "--tls-cert-file=\(pki("apiserver.crt"))", "--tls-private-key-file=\(pki("apiserver.key"))",
                "--client-ca-file=\(pki("ca.crt"))", "--cert-dir=\(directory.path("pki"))",
                "--authorization-mode=RBAC", "--disable-admission-plugins=ServiceAccount", "--allow-privileged=true",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--api-audiences=https://kubernetes.default.svc",
                "--service-account-signing-key-file=\(pki("sa.key"))",
                "--service-account-key-file=\(pki("sa.pub"))", "--service-cluster-ip-range=10.0.0.0/24",
                "--endpoint-reconciler-type=none",
            ], logPath: directory.path("apiserver.log"))
        url = "https://127.0.0.1:\(port)"
        kubeconfig = try directory.write(
            "kubeconfig",
            """
            apiVersion: v1
            kind: Config
            current-context: admin
            contexts: [{name: admin, context: {cluster: real, user: admin}}]
            clusters: [{name: real, cluster: {server: "\(url)", certificate-authority: "\(pki("ca.crt"))"}}]
            users: [{name: admin, user: {client-certificate: "\(pki("admin.crt"))", client-key: "\(pki("admin.key"))"}}]
            """)
        do {
            try await waitUntilReady(curl: ChildProcess.find("curl"), certificates: directory.path("pki"))
        } catch {
            await stop()
            throw error
        }
    }

    /// The paths of the certificate authority and of an administrator's certificate and key.
    public var certificates: (authority: String, certificate: String, key: String) {
        (directory.path("pki/ca.crt"), directory.path("pki/admin.crt"), directory.path("pki/admin.key"))
    }

    /// Stops both and removes their files.
    public func stop() async {
        await server.stop()
        await etcd.stop()
        directory.remove()
    }

    private func waitUntilReady(curl: String?, certificates: String) async throws {
        guard let curl else { throw WaitingError(description: "curl is not found, which requests /readyz") }
        let arguments = [
            "-s", "-m", "2", "--cacert", "\(certificates)/ca.crt", "--cert", "\(certificates)/admin.crt", "--key",
            "\(certificates)/admin.key", "\(url)/readyz",
        ]
        try await waitUntil("kube-apiserver is ready", within: .seconds(60)) {
            guard self.server.isRunning else {
                throw WaitingError(description: "kube-apiserver ended: \(self.server.log.suffix(2000))")
            }
            try await Task.sleep(for: .milliseconds(100))
            return try await ChildProcess.run(curl, arguments).output == "ok"
        }
    }

    private static func makeCertificates(in directory: TemporaryDirectory) async throws {
        guard let openssl = ChildProcess.find("openssl") else {
            throw WaitingError(description: "openssl is not found, which creates the certificates")
        }
        func run(_ command: String) async throws {
            let arguments = command.split(separator: " ").map { String($0).replacing("@", with: directory.path("pki")) }
            let result = try await ChildProcess.run(openssl, arguments)
            guard result.code == 0 else { throw WaitingError(description: "openssl \(command): \(result.output)") }
        }
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
        try directory.write(
            "pki/apiserver.ext",
            """
            subjectAltName=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default.svc,IP:127.0.0.1,IP:10.0.0.1
            extendedKeyUsage=serverAuth
            """)
        try directory.write("pki/admin.ext", "extendedKeyUsage=clientAuth\n")
        try await run(
            "req -x509 \(key) -days 30 -subj /CN=test-ca -keyout @/ca.key -out @/ca.crt "
                + "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign")
        for (name, subject) in [("apiserver", "/CN=kube-apiserver"), ("admin", "/O=system:masters/CN=admin")] {
            try await run("req -new \(key) -subj \(subject) -keyout @/\(name).key -out @/\(name).csr")
            try await run(
                "x509 -req -in @/\(name).csr -CA @/ca.crt -CAkey @/ca.key -CAcreateserial -days 30 "
                    + "-out @/\(name).crt -extfile @/\(name).ext")
        }
        try await run("genrsa -out @/sa.key 2048")
        try await run("rsa -in @/sa.key -pubout -out @/sa.pub")
    }
}
