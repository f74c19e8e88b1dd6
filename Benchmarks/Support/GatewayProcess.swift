import Kube
import Planning
import PlanningInput
import TestSupport

#if canImport(Glibc)
import Glibc
#endif

/// The gateway of a fleet as its pod runs it: the script and a real nginx, with a volume as the kubelet fills it.
final class GatewayProcess {
    let client: LoopbackClient
    private let directory: TemporaryDirectory
    /// The folders of this gateway, below the one of all programs.
    private let name: String
    private let nginx: String
    private let status: LoopbackClient
    private var version = 0

    /// Starts the gateway, and waits until it serves the files. Every name of a host gets the address `hosts`.
    init(_ nginx: String, _ fleet: GatewayFleet, _ children: Children, hosts: String) async throws {
        self.nginx = nginx
        directory = children.directory
        name = "gateway-of-\(fleet.count)"
        let address = try freeLoopbackAddress(port: UInt16(GatewayNames.httpPort))
        client = LoopbackClient(address: address, port: GatewayNames.httpPort)
        status = LoopbackClient(address: address, port: GatewayNames.statusPort)
        let files = GatewayFleet.files(fleet.plan())
        try directory.mount(files, as: "\(name)/config", version: version)
        // Instead of the system's, since there is no name server.
        try directory.write(
            "\(name)/bin/getent",
            """
            #!/bin/sh
            case $2 in *[a-z]*) set -- "$1" \(hosts);; esac
            echo "$2 STREAM $2"

            """)
        chmod(directory.path("\(name)/bin/getent"), 0o755)
        let process = try children.start(
            name, "/bin/sh", [directory.path("\(name)/config/gateway.sh")],
            environment: [
                "GATEWAY_CONFIG": directory.path("\(name)/config"), "GATEWAY_WORK": directory.path("\(name)/work"),
                "GATEWAY_TLS": directory.path("\(name)/tls"), "GATEWAY_CLIENT_CA": directory.path("\(name)/ca"),
                "GATEWAY_NGINX": nginx, "GATEWAY_ADDRESS": address, "GATEWAY_STOP_AFTER": "0",
                "GATEWAY_GLOBALS": PlainNginx.user,
                "PATH": "\(directory.path("\(name)/bin")):\(ChildProcess.environment["PATH"] ?? "")",
            ])
        try await waitUntil("the gateway serves", within: .seconds(60)) { [status] in
            guard process.isRunning else { throw WaitingError(description: "the gateway ended: \(process.log)") }
            return status.ask(LoopbackClient.get("/healthz"))?.status == 200
        }
    }

    /// Replaces the files in the volume, and returns the time until a write with a token is accepted.
    func follow(_ fleet: GatewayFleet, token: String) async throws -> Duration {
        version += 1
        try directory.mount(GatewayFleet.files(fleet.plan()), as: "\(name)/config", version: version)
        let began = ContinuousClock.now
        let request = LoopbackClient.post(GatewayNames.writePath, ["Authorization: Bearer \(token)"], body: [1])
        try await waitUntil("the gateway serves the new files", within: .seconds(60)) { [client] in
            client.ask(request)?.status == 204
        }
        return ContinuousClock.now - began
    }

    /// How long nginx takes to check the files that it serves.
    func check() async throws -> Duration {
        let began = ContinuousClock.now
        let child = try ChildProcess(
            nginx,
            [
                "-t", "-q", "-e", "stderr", "-p", directory.path("\(name)/work/"), "-c",
                directory.path("\(name)/work/current/nginx.conf"), "-g", PlainNginx.user,
            ], logPath: directory.path("\(name)/check.log"))
        while child.isRunning { usleep(500) }
        guard child.exitStatus == 0 else { throw WaitingError(description: "nginx -t fails: \(child.log)") }
        return ContinuousClock.now - began
    }

    /// The memory of nginx with its workers, each shared page in equal parts.
    var memory: Double {
        let pid = (try? TemporaryDirectory.read(directory.path("\(name)/work/nginx.pid"))).flatMap {
            Int32($0.dropLast())
        }
        guard let pid else { return 0 }
        let workers = (try? TemporaryDirectory.read("/proc/\(pid)/task/\(pid)/children")) ?? ""
        return ([pid] + workers.split(separator: " ").compactMap { Int32($0) }).map { ProcessMemory.share(of: $0) }
            .reduce(0, +)
    }
}
