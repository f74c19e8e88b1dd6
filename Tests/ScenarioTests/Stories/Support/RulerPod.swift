import FoundationEssentials
import Glibc
import Kube
import TestSupport
import Testing

@testable import Planning

/// A pod that evaluates rules, with a real Thanos Rule: its volumes have the rendered files, and its script runs as in the
/// container.
struct RulerPod {
    private(set) var pod: Pod
    let process: ChildProcess
    private let story: Story

    /// Starts the pod, and waits until it is ready.
    init(_ pod: Pod, _ network: LoopbackNetwork, _ story: Story) async throws {
        (self.pod, self.story) = (pod, story)
        try pod.fillVolumes(in: story.directory, network)
        let config = try #require(pod.mountedFolder(RulerConfiguration.folder, in: story.directory))
        try #require(pod.command == ["/bin/sh", "\(RulerConfiguration.folder)/\(RulerScript.name)"])
        let environment = try [
            "RULER_CONFIG": config,
            "RULER_RULES": #require(pod.mountedFolder(RulerScript.rulesFolder, in: story.directory)),
            "RULER_WORK": #require(pod.mountedFolder(RulerScript.workFolder, in: story.directory)),
            "RULER_THANOS": #require(InstalledPrograms.thanos), "RULER_EVERY": "1",
        ]
        let arguments = pod.arguments(in: story.directory, network).map {
            $0.replacing("127.0.0.1:10901", with: "\(pod.host):10901")
        }
        process = try story.start(
            pod.name, "/bin/sh", ["\(config)/\(RulerScript.name)"] + arguments, environment: environment)
        try await QueryAPI.untilReady("\(try pod.url(10902))/-/ready", process)
    }

    /// Gives the pod the files of a new plan.
    mutating func follow(_ rendered: Rendered, _ network: LoopbackNetwork) throws {
        pod.rendered = rendered
        try pod.fillVolumes(in: story.directory, network)
    }

    /// The resident memory of Thanos in bytes.
    var memory: Int {
        get throws {
            let children = try TemporaryDirectory.read("/proc/\(process.pid)/task/\(process.pid)/children")
            for child in children.split(separator: " ") {
                let status = try TemporaryDirectory.read("/proc/\(child)/status")
                guard status.contains("Name:\tthanos") else { continue }
                let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
                return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
            }
            return 0
        }
    }

    /// The names of the groups that Thanos has loaded, and the errors of their rules.
    func groups() async throws -> (names: Set<String>, errors: [String]) {
        let answer = try await curl(["\(try pod.url(10902))/api/v1/rules"]).json
        let groups = answer["data", "groups"]?.array ?? []
        let errors = groups.flatMap { $0["rules"]?.array ?? [] }.compactMap { $0["lastError"]?.string }
        return (Set(groups.compactMap { $0["name"]?.string }), errors.filter { !$0.isEmpty })
    }
}
