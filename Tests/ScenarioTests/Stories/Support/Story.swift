import Kube
import TestSupport
import Testing

/// The programs of one story, with their files in a temporary folder.
final class Story: Sendable {
    let directory: TemporaryDirectory
    private let children = Locked<[(name: String, process: ChildProcess)]>([])

    private init() throws { directory = try TemporaryDirectory() }

    /// Runs a story and stops its programs. If it fails, the issue has the last lines of each log.
    static func tell(_ body: (Story) async throws -> Void) async throws {
        let story = try Story()
        do {
            try await body(story)
        } catch {
            let logs = story.logs
            await story.end()
            Issue.record("\(error)\n\(logs)")
            story.directory.remove()
            return
        }
        await story.end()
        story.directory.remove()
    }

    /// Starts a program.
    func start(
        _ name: String, _ path: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> ChildProcess {
        let process = try ChildProcess(
            path, arguments, environment: environment, logPath: directory.path("\(name).log"))
        children.withLock { $0.append((name, process)) }
        return process
    }

    /// Starts the programs of a pod according to its manifest, and returns the main one. If the manifest has no listen
    /// address, the main program listens on loopback.
    @discardableResult
    func start(
        _ pod: Pod, _ path: String, _ network: LoopbackNetwork, environment: [String: String] = [:]
    ) async throws -> ChildProcess {
        try pod.fillVolumes(in: directory, network)
        for container in pod.initContainers {
            let result = try await ChildProcess.run(
                try Self.program(of: container), pod.arguments(of: container, in: directory, network),
                environment: pod.environment(of: container))
            guard result.code == 0 else {
                throw WaitingError(description: "\(pod.name): \(container["name"]?.string ?? ""): \(result.output)")
            }
        }
        var arguments = pod.arguments(in: directory, network)
        if pod.image.contains("/prometheus:") { arguments.append("--web.listen-address=\(try pod.address(9090))") }
        if arguments.first == "relay" {
            arguments += [
                "--listen-address=\(try pod.address(8080))", "--metrics-bind-address=\(try pod.address(8081))",
                "--shutdown-delay=0s",
            ]
        }
        if arguments.first == "receive", !arguments.contains(where: { $0.hasPrefix("--receive.capnproto-address=") }) {
            arguments.append("--receive.capnproto-address=127.0.0.1:\(try freePort())")
        }
        let process = try start(
            pod.name, path, arguments, environment: pod.environment().merging(environment) { _, given in given })
        for container in pod.sidecars {
            _ = try start(
                "\(pod.name)-\(container["name"]?.string ?? "")", try Self.program(of: container),
                pod.arguments(of: container, in: directory, network), environment: pod.environment(of: container))
        }
        return process
    }

    /// The program of an init container or side-car: Tributary, or a second read proxy.
    private static func program(of container: JSON) throws -> String {
        let image = container["image"]?.string ?? ""
        if image.contains("/prom-label-proxy:") { return try #require(InstalledPrograms.promLabelProxy) }
        try #require(image.contains("tributary"))
        return Checkout.tributary
    }

    /// The log of a program so far; empty if there is no program of this name.
    func log(of name: String) -> String {
        children.withLock { children in children.last { $0.name == name }?.process.log ?? "" }
    }

    /// Stops a program as Kubernetes stops a pod.
    func end(_ name: String, patience: Duration = .seconds(10)) async throws {
        let process = try #require(children.withLock { children in children.first { $0.name == name }?.process })
        await process.stop(patience: patience)
    }

    /// The last lines of each program's log.
    var logs: String {
        children.withLock { $0 }.map { name, process in
            "--- \(name):\n" + process.log.split(separator: "\n").suffix(8).joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private func end() async {
        await withTaskGroup { group in
            for (_, process) in children.withLock({ $0 }) {
                group.addTask { await process.stop(patience: .seconds(3)) }
            }
        }
    }
}
