import Kube
import LocalCluster
import TestSupport

/// Measures an idle operator.
enum IdleBenchmark {
    private static let time = Duration.seconds(20)

    /// Its memory without any custom resource.
    static func memory(on server: Server, _ report: Report) async throws {
        Progress.say("\(server.side.name): an idle operator")
        try await OperatorProcess.with(server) { process in
            try await Task.sleep(for: .seconds(2))
            let memory = process.memory
            report.set("resident memory, idle", server.side, megabytes: memory.resident, atMost: 20)
            report.set("RssAnon, idle", server.side, megabytes: memory.anonymous)
        }
    }

    /// Its requests while nothing happens, counted for some time and printed per minute.
    static func requests(on server: Server, _ report: Report) async throws {
        guard let local = server.local else { return }
        Progress.say("\(server.side.name): idle requests for \(time)")
        try await Task.sleep(for: .seconds(1))
        local.clearRequests()
        try await Task.sleep(for: time)
        let requests = local.requests.filter { $0.userAgent.hasPrefix("tributary/") }
        let perMinute = 60 / time.seconds
        report.set(
            "requests per idle minute but watches", .local,
            count: Double(requests.count { $0.verb != "watch" }) * perMinute, exactly: 0)
        report.set(
            "watches begun per idle minute", .local, count: Double(requests.count { $0.verb == "watch" }) * perMinute)
    }
}
