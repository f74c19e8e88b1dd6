import Kube
import LocalCluster
import TestSupport

/// An operator that has nothing to do.
enum IdleBenchmark {
    private static let time = Duration.seconds(20)

    /// What it holds where there is no custom resource at all.
    static func memory(on server: Server, _ report: Report) async throws {
        Progress.say("\(server.side.name): an operator without any work")
        try await OperatorProcess.with(server) { process in
            try await Task.sleep(for: .seconds(2))
            let memory = process.memory
            report.set("resident memory, idle", server.side, megabytes: memory.resident, atMost: 20)
            report.set("resident memory, idle, without what files back", server.side, megabytes: memory.anonymous)
        }
    }

    /// What it asks while nothing happens; counted for a while and told for a minute.
    static func requests(on server: Server, _ report: Report) async throws {
        guard let local = server.local else { return }
        Progress.say("\(server.side.name): requests while nothing happens for \(time)")
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
