import Crypto
import Glibc
import Kube
import TestSupport
import Testing

@testable import Planning

/// A gateway's pod with a real nginx: its volumes have the rendered Secrets, and its script runs as in the container.
struct GatewayPod: Sendable {
    let url: String
    private let name: String
    private let statusURL: String
    private let process: ChildProcess
    private let directory: TemporaryDirectory
    private let work: String

    /// Starts the pod. `hosts` are the addresses of the hosts behind it, which a name server would answer with.
    init(_ pod: Pod, hosts: [String: String], _ story: Story) async throws {
        let directory = story.directory
        (self.directory, name) = (directory, pod.name)
        try directory.write(
            "\(name)/bin/getent",
            "#!/bin/sh\n[ \"$1\" = ahostsv4 ] && cat \(directory.path("\(name)/hosts"))/\"$2\" 2>/dev/null || exit 2\n")
        chmod(directory.path("\(name)/bin/getent"), 0o755)
        for (host, address) in hosts { try Self.resolve(host, to: address, name, directory) }
        // Its files are mounted as they are: the script compares their hashes.
        try pod.fillVolumes(in: directory, try LoopbackNetwork(Rendered(made: [], given: [])))
        func mounted(_ path: String) -> String {
            pod.mountedFolder(path, in: directory) ?? directory.path("\(pod.name)/not-mounted")
        }
        let source = try #require(pod.mountedFolder(GatewayScript.folder, in: directory))
        try #require(pod.command == ["/bin/sh", "\(GatewayScript.folder)/gateway.sh"])
        try #require(GatewayScript.workFolder.hasPrefix("/tmp/"))
        work = "\(try #require(pod.mountedFolder("/tmp", in: directory)))/work"
        var environment = [
            "GATEWAY_CONFIG": source, "GATEWAY_TLS": mounted(GatewayScript.tlsFolder),
            "GATEWAY_CLIENT_CA": mounted(GatewayScript.authoritiesFolder),
            "GATEWAY_SERVERS": mounted(GatewayScript.serversFolder),
            "GATEWAY_WORK": work,
            "GATEWAY_NGINX": InstalledPrograms.nginx ?? "nginx", "GATEWAY_ADDRESS": pod.host,
            "GATEWAY_RESOLVE_EVERY": "1", "GATEWAY_STOP_AFTER": "0",
            "PATH": "\(directory.path("\(pod.name)/bin")):\(ChildProcess.environment["PATH"] ?? "")",
        ]
        // Otherwise the workers of a master that runs as root could not enter the test's folder.
        if getuid() == 0 { environment["GATEWAY_GLOBALS"] = "user root;" }
        let port = try #require(pod.containerPort("https") ?? pod.containerPort("http"))
        url = "\(pod.containerPort("https") == nil ? "http" : "https")://\(try pod.address(port))"
        statusURL = try pod.url(try #require(pod.containerPort("status")))
        process = try story.start(name, "/bin/sh", ["\(source)/gateway.sh"], environment: environment)
        try await waitUntilServed(pod.rendered, of: pod)
    }

    /// Gives a host behind the gateway an address.
    func resolve(_ host: String, to address: String) throws { try Self.resolve(host, to: address, name, directory) }

    private static func resolve(
        _ host: String, to address: String, _ name: String, _ directory: TemporaryDirectory
    ) throws {
        try directory.write("\(name)/hosts/\(host)", "\(address) STREAM \(host)\n")
    }

    /// Waits until nginx serves the configuration of a plan.
    func waitUntilServed(_ rendered: Rendered, of pod: Pod) async throws {
        let manifest = try #require(try rendered.files("Secret", String(pod.name.dropLast(2)))[GatewayFiles.manifest])
        try await eventually("the gateway serves the configuration", within: .seconds(60)) {
            guard process.isRunning else { throw WaitingError(description: "the gateway ended: \(process.log)") }
            return try await curl(["\(statusURL)/config"]).body == SHA256.hexadecimal(manifest) + "\n"
                && NginxWorkers.areSettled(in: work)
        }
    }
}
