import Kube

#if canImport(Glibc)
import Glibc
#endif

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
    private let etcdURL: String
    private let server: Locked<ChildProcess>
    private let start: @Sendable () throws -> ChildProcess

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
        etcdURL = "http://127.0.0.1:\(client)"
        let arguments = [
            "--etcd-servers=http://127.0.0.1:\(client)", "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1", "--secure-port=\(port)",
            "--tls-cert-file=\(pki("apiserver.crt"))", "--tls-private-key-file=\(pki("apiserver.key"))",
            "--client-ca-file=\(pki("ca.crt"))", "--cert-dir=\(directory.path("pki"))",
            "--authorization-mode=RBAC", "--disable-admission-plugins=ServiceAccount", "--allow-privileged=true",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--api-audiences=https://kubernetes.default.svc",
            "--service-account-signing-key-file=\(pki("sa.key"))",
            "--service-account-key-file=\(pki("sa.pub"))", "--service-cluster-ip-range=10.0.0.0/16",
            "--endpoint-reconciler-type=none",
        ]
        start = { try ChildProcess("\(assets)/kube-apiserver", arguments, logPath: directory.path("apiserver.log")) }
        server = Locked(try start())
        url = "https://127.0.0.1:\(port)"
        kubeconfig = try directory.write(
            "kubeconfig",
            """
            apiVersion: v1
            kind: Config
            current-context: admin
            contexts: [{name: admin, context: {cluster: real, user: admin}}]
            clusters: [{name: real, cluster: {server: "\(url)", certificate-authority: "\(pki("server-ca.crt"))"}}]
            users: [{name: admin, user: {client-certificate: "\(pki("admin.crt"))", client-key: "\(pki("admin.key"))"}}]
            """)
        do {
            try await waitUntilReady()
        } catch {
            await stop()
            throw error
        }
    }

    /// The paths of the certificate authority of the server and of an administrator's certificate and key.
    public var certificates: (authority: String, certificate: String, key: String) {
        (directory.path("pki/server-ca.crt"), directory.path("pki/admin.crt"), directory.path("pki/admin.key"))
    }

    /// Stops both and removes their files.
    public func stop() async {
        await server.withLock { $0 }.stop()
        await etcd.stop()
        directory.remove()
    }

    // MARK: - Faults

    /// Kills kube-apiserver with SIGKILL. etcd goes on.
    public func kill() async throws {
        let server = server.withLock { $0 }
        server.signal(SIGKILL)
        try await waitUntil("kube-apiserver is dead") { !server.isRunning }
    }

    /// Starts kube-apiserver again at the same address with the same etcd, and waits until it is ready.
    public func restart() async throws {
        let new = try start()
        server.withLock { $0 = new }
        try await waitUntilReady()
    }

    /// Gives the server a certificate of another authority from its next start on. Clients find that authority in its usual
    /// file at once.
    public func renewAuthority() async throws {
        let authority = try await CertificateAuthority.make(in: directory, "renewed-ca")
        try await authority.issue(
            "renewed", subject: "/CN=kube-apiserver",
            extensions: TemporaryDirectory.read(directory.path("pki/apiserver.ext")))
        for (from, to) in [
            ("renewed.crt", "apiserver.crt"), ("renewed.key", "apiserver.key"), ("renewed-ca.crt", "server-ca.crt"),
        ] { try directory.replace("pki/\(to)", TemporaryDirectory.read(directory.path(from))) }
    }

    /// Has etcd forget everything before a revision.
    public func compact(before revision: String) async throws {
        let curl = try curl
        let body = #"{"revision": "\#(revision)", "physical": true}"#
        let answer = try await ChildProcess.run(curl, ["-s", "-m", "10", "-d", body, "\(etcdURL)/v3/kv/compaction"])
        guard answer.code == 0, !answer.output.contains("error") else {
            throw WaitingError(description: "etcd does not compact: \(answer.output)")
        }
    }

    private var curl: String {
        get throws {
            guard let curl = ChildProcess.find("curl") else { throw WaitingError(description: "curl is not found") }
            return curl
        }
    }

    private func waitUntilReady() async throws {
        let curl = try curl
        let certificates = directory.path("pki")
        // kubectl checks objects by what is at the other two, and is refused while they are not ready.
        let paths = ["readyz", "openapi/v2", "openapi/v3"]
        let arguments =
            [
                "-sf", "-m", "5", "--cacert", "\(certificates)/server-ca.crt", "--cert", "\(certificates)/admin.crt",
                "--key", "\(certificates)/admin.key", "-w", "%{http_code} ",
            ] + paths.flatMap { ["-o", "/dev/null", "\(url)/\($0)"] }
        try await waitUntil("kube-apiserver is ready", within: .seconds(90)) {
            let server = self.server.withLock { $0 }
            guard server.isRunning else {
                throw WaitingError(description: "kube-apiserver ended: \(server.log.suffix(2000))")
            }
            try await Task.sleep(for: .milliseconds(100))
            return try await ChildProcess.run(curl, arguments).output == "200 200 200 "
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
        try directory.write("pki/server-ca.crt", TemporaryDirectory.read(directory.path("pki/ca.crt")))
        try await run("genrsa -out @/sa.key 2048")
        try await run("rsa -in @/sa.key -pubout -out @/sa.pub")
    }
}
