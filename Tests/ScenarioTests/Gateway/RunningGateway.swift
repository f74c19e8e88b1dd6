import Glibc
import Kube
import TestSupport
import Testing

@testable import Planning

/// A gateway as its pod runs it: the script and a real nginx, with volumes as the kubelet fills them.
struct RunningGateway: Sendable {
    let story: Story
    let port: Int
    let statusPort: Int
    let process: ChildProcess
    /// Whether it serves HTTPS.
    let isSecure: Bool
    private let versions = Locked(0)

    /// The URL of the front server.
    var url: String { "\(isSecure ? "https" : "http")://localhost:\(port)" }

    /// Starts a gateway, and waits until it serves its configuration.
    static func start(
        _ story: Story, _ configuration: GatewayConfiguration, environment: [String: String] = [:]
    ) async throws -> RunningGateway {
        let gateway = try RunningGateway(story, configuration, environment)
        try await gateway.waitUntilServed(gateway.configured(configuration).files())
        return gateway
    }

    /// Starts a gateway.
    init(_ story: Story, _ configuration: GatewayConfiguration, _ environment: [String: String] = [:]) throws {
        self.story = story
        (port, statusPort) = (try freePort(), try freePort())
        isSecure = configuration.servesTLS
        let script = try story.directory.write("gateway.sh", GatewayScript.text)
        var configuration = configuration
        (configuration.ports.front, configuration.ports.status) = (port, statusPort)
        try Self.mount(configuration.files().files, "gateway", in: story.directory, version: 0)
        var all = [
            "GATEWAY_CONFIG": story.directory.path("gateway"), "GATEWAY_TLS": story.directory.path("tls"),
            "GATEWAY_CLIENT_CA": story.directory.path("client-ca"), "GATEWAY_WORK": story.directory.path("work"),
            "GATEWAY_NGINX": InstalledPrograms.nginx ?? "nginx", "GATEWAY_ADDRESS": "127.0.0.1",
            "GATEWAY_RESOLVE_EVERY": "1", "GATEWAY_STOP_AFTER": "0",
        ]
        // Otherwise the workers of a master that runs as root could not enter the test's folder.
        if getuid() == 0 { all["GATEWAY_GLOBALS"] = "user root;" }
        process = try story.start(
            "gateway", "/bin/sh", [script], environment: all.merging(environment) { _, given in given })
    }

    /// Replaces the configuration in the volume, at once like the kubelet. Returns its files.
    @discardableResult
    func replace(_ configuration: GatewayConfiguration) throws -> GatewayFiles {
        let files = configured(configuration).files()
        try replace(files.files)
        return files
    }

    /// Replaces the files in the volume.
    func replace(_ files: [GatewayFile]) throws {
        let version = versions.withLock { versions in
            versions += 1
            return versions
        }
        try Self.mount(files, "gateway", in: story.directory, version: version)
    }

    /// Replaces the configuration, and waits until it is served.
    func follow(_ configuration: GatewayConfiguration) async throws {
        try await waitUntilServed(try replace(configuration))
    }

    /// Waits until the status port names the hash of some files.
    func waitUntilServed(_ files: GatewayFiles) async throws {
        try await eventually("the gateway serves the configuration") {
            guard process.isRunning else { throw WaitingError(description: "the gateway ended: \(process.log)") }
            return try await curl(["http://127.0.0.1:\(statusPort)/config"]).body == files.hash + "\n"
                && NginxWorkers.areSettled(in: story.directory.path("work"))
        }
    }

    /// A configuration with the ports of this gateway.
    func configured(_ configuration: GatewayConfiguration) -> GatewayConfiguration {
        var configuration = configuration
        (configuration.ports.front, configuration.ports.status) = (port, statusPort)
        return configuration
    }

    /// Fills a volume like the kubelet.
    static func mount(_ files: [GatewayFile], _ volume: String, in directory: TemporaryDirectory, version: Int) throws {
        try directory.mount(files.map { ($0.name, Array($0.text.utf8)) }, as: volume, version: version)
    }

    /// Sends a request by curl.
    func send(_ path: String, _ arguments: [String] = []) async throws -> CurlResponse {
        try await curl(["-g", "--path-as-is", "\(url)\(path)"] + arguments)
    }

    /// Writes with a bearer token.
    func write(_ token: String, _ arguments: [String] = []) async throws -> CurlResponse {
        try await send("/tenants/write", ["-H", "Authorization: Bearer \(token)", "--data-binary", "x"] + arguments)
    }

    /// Reads with a bearer token.
    func read(_ token: String, _ path: String = "query?query=up", _ arguments: [String] = []) async throws
        -> CurlResponse
    {
        try await send("/tenants/read/api/v1/\(path)", ["-H", "Authorization: Bearer \(token)"] + arguments)
    }
}
