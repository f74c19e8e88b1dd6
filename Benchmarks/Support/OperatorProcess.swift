#if canImport(Glibc)
import Glibc
#endif
import Kube
import KubeClient
import TestSupport

/// The release build of the operator as a separate process, as it runs in a pod.
struct OperatorProcess: Sendable {
    let child: ChildProcess
    private let metrics: KubeClient

    /// The program `tributary` next to this one.
    static var path: String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = max(readlink("/proc/self/exe", &buffer, buffer.count), 0)
        let own = String(decoding: buffer[0..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
            + "/tributary"
    }

    /// Starts the operator, or another command, for a server, runs `body`, and stops it.
    static func with(
        _ server: Server, _ command: String = "run", _ arguments: [String] = [],
        addressFlag: String = "--metrics-bind-address", _ body: (OperatorProcess) async throws -> Void
    ) async throws {
        let port = try freePort()
        let child = try ChildProcess(
            path,
            [command, "--kubeconfig", server.kubeconfig, addressFlag, "127.0.0.1:\(port)"] + arguments,
            logPath: server.directory.path("operator.log"))
        let metrics = KubeClient(
            try ClusterConfiguration(server: "http://127.0.0.1:\(port)"), options: .init(userAgent: "benchmarks"),
            logger: Server.logger)
        do {
            let process = OperatorProcess(child: child, metrics: metrics)
            try await waitUntil("the operator is ready", within: .seconds(120)) {
                guard child.isRunning else { throw WaitingError(description: "the operator ended: \(child.log)") }
                return (try? await metrics.raw(method: "GET", path: "/readyz").status) == 200
            }
            try await body(process)
        } catch {
            await child.stop()
            await metrics.shutdown()
            throw error
        }
        await child.stop()
        await metrics.shutdown()
    }

    /// The sum of a metric's series.
    func metric(_ name: String) async throws -> Double {
        let answer = try await metrics.raw(method: "GET", path: "/metrics")
        let lines = String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
        return lines.filter { $0.hasPrefix("\(name){") || $0.hasPrefix("\(name) ") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }

    /// The number of its requests so far, by method, after all current requests are answered. A watch shows a write before
    /// the answer is counted.
    func settledRequests() async throws -> [String: Double] {
        var (before, now) = ([String: Double](), try await requests())
        while before != now {
            try await Task.sleep(for: .milliseconds(100))
            (before, now) = (now, try await requests())
        }
        return now
    }

    /// Waits until it has written nothing for some time, and returns when it wrote last.
    func lastWrite(quietFor time: Duration) async throws -> ContinuousClock.Instant {
        var (count, last) = (-1.0, ContinuousClock.now)
        try await waitUntil("the operator writes nothing more", within: .seconds(1800)) {
            let now = try await requests()["PATCH"] ?? 0
            if now != count { (count, last) = (now, .now) }
            if ContinuousClock.now - last >= time, try await metric("workqueue_depth") == 0 { return true }
            try await Task.sleep(for: .milliseconds(100))
            return false
        }
        return last
    }

    /// How many writes it sends in a second, from now until it has nothing left to write.
    func writesPerSecond() async throws -> Double {
        let (before, began) = (try await requests()["PATCH"] ?? 0, ContinuousClock.now)
        let last = try await lastWrite(quietFor: .seconds(4))
        let after = try await requests()["PATCH"] ?? 0
        return (after - before) / (last - began).seconds
    }

    private func requests() async throws -> [String: Double] {
        let answer = try await metrics.raw(method: "GET", path: "/metrics")
        var counts: [String: Double] = [:]
        for line in String(decoding: answer.body, as: UTF8.self).split(separator: "\n")
        where line.hasPrefix("rest_client_requests_total{") {
            guard let start = line.firstRange(of: "method=\""), let value = line.split(separator: " ").last else {
                continue
            }
            counts[String(line[start.upperBound...].prefix { $0 != "\"" }), default: 0] += Double(value) ?? 0
        }
        return counts
    }

    /// The process's memory, from the kernel.
    var memory: ProcessMemory { ProcessMemory(of: child.pid) }
}

/// A process's memory in megabytes of 1,000,000 bytes: now and at its peak.
struct ProcessMemory {
    var resident = 0.0
    var peak = 0.0
    /// The resident memory that no file backs: that of the process alone.
    var anonymous = 0.0

    /// The memory of a process that it shares with no other, and its part of what others have as well.
    static func share(of pid: pid_t) -> Double {
        let lines = ((try? TemporaryDirectory.read("/proc/\(pid)/smaps_rollup")) ?? "").split(separator: "\n")
        let words = lines.first { $0.hasPrefix("Pss:") }?.split(separator: " ")
        return (words?.dropFirst().first.flatMap { Double($0) } ?? 0) * 1024 / 1_000_000
    }

    init(of pid: pid_t) {
        let status = (try? TemporaryDirectory.read("/proc/\(pid)/status")) ?? ""
        for line in status.split(separator: "\n") {
            let words = line.split { $0 == " " || $0 == "\t" }
            guard words.count > 1, let kibibytes = Double(words[1]) else { continue }
            switch words[0] {
            case "VmRSS:": resident = kibibytes * 1024 / 1_000_000
            case "VmHWM:": peak = kibibytes * 1024 / 1_000_000
            case "RssAnon:": anonymous = kibibytes * 1024 / 1_000_000
            default: break
            }
        }
    }
}
