#if canImport(Glibc)
import Glibc
#endif

/// A Grafana that is installed on this machine: `GRAFANA_BIN` is the server, `GRAFANA_HOME` the folder with its web pages.
public struct InstalledGrafana: Sendable {
    /// The path of the server.
    public let path: String
    /// The folder with `public` and `conf`.
    public let home: String

    /// The installed one; nil without `GRAFANA_BIN`.
    public static let found: InstalledGrafana? = {
        guard let path = ChildProcess.environment["GRAFANA_BIN"], access(path, X_OK) == 0 else { return nil }
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
        return InstalledGrafana(path: path, home: ChildProcess.environment["GRAFANA_HOME"] ?? folder)
    }()

    /// The name and the password of the server administrator.
    public static let administrator = (user: "root", password: "correct horse 4711 battery")

    /// Starts a server on loopback, with its data in a folder. The caller has to stop it.
    public func start(in directory: TemporaryDirectory, port: Int) throws -> ChildProcess {
        let configuration = try directory.write(
            "grafana.ini",
            """
            [server]
            http_addr = 127.0.0.1
            http_port = \(port)
            [paths]
            data = \(directory.path("data"))
            logs = \(directory.path("data/log"))
            plugins = \(directory.path("data/plugins"))
            provisioning = \(directory.path("provisioning"))
            [security]
            admin_user = \(Self.administrator.user)
            admin_password = \(Self.administrator.password)
            [analytics]
            reporting_enabled = false
            check_for_updates = false
            [log]
            mode = console
            """)
        return try ChildProcess(
            path, ["-homepath", home, "-config", configuration], logPath: directory.path("grafana.log"))
    }
}
