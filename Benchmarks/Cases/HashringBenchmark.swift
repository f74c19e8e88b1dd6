import Kube
import KubeClient
import KubeRuntime
import LocalCluster
import Planning
import PlanningInput
import Receivers
import TestSupport
import TributaryAPI

/// Makes a receiver leave and return repeatedly, unready or scaled down, and measures the time until the hashring ConfigMap
/// changes, and the requests for it.
enum HashringBenchmark {
    /// A change of the last receiver.
    private enum Change: String, CaseIterable {
        case ready = "last pod ready"
        case scaled = "scale-down"

        /// The direction that is measured. The other one restores the state before.
        var isMeasured: (_ isThere: Bool) -> Bool { self == .ready ? { $0 } : { !$0 } }

        /// The summary of the hashring in the view's status.
        func summary(members: Int, of count: Int) -> String {
            "soft \(members)/\(self == .ready ? count : members)"
        }
    }

    /// The number of changes in each direction.
    private static let changes = 200

    static func run(on server: Server, receivers count: Int, _ report: Report) async throws {
        Progress.say("\(server.side.name): a hashring of \(count) receivers changes \(4 * changes) times")
        let receivers = Receivers(server: server, namespace: "ring-\(count)", count: count)
        try await receivers.make()
        try await OperatorProcess.with(server) { process in
            for change in Change.allCases { try await measure(change, receivers, process, report) }
            if count == 3 { try await IdleBenchmark.requests(on: server, report) }
            report.set(
                "resident memory, \(count) receivers, after \(4 * changes) changes", server.side,
                megabytes: process.memory.resident)
        }
    }

    private static func measure(
        _ change: Change, _ receivers: Receivers, _ process: OperatorProcess, _ report: Report
    ) async throws {
        let (server, count) = (receivers.server, receivers.count)
        let scope = WatchScope(change == .ready ? .pods : .statefulSets, namespace: receivers.namespace)
        var events = Sightings<Bool>(scope, server.client) { object in
            switch change {
            case .ready: object.key == receivers.lastPod ? ReceiverPod(object)?.isReady : nil
            case .scaled: ReceiverSet(object).map { $0.replicas == count }
            }
        }
        var files = Sightings<Int>(WatchScope(.configMaps, namespace: receivers.namespace), server.client) { file in
            guard file.name == Receivers.fileName else { return nil }
            return PublishedHashrings(file)?.file?.rings.first?.endpoints.count
        }
        var views = Sightings<String>(WatchScope(GlobalView.resource, namespace: receivers.namespace), server.client) {
            $0.json["status", "hashringSummary"]?.string
        }
        _ = try await files.time(of: count)
        _ = try await views.time(of: change.summary(members: count, of: count))
        let file = try await server.client.get(
            .configMaps, ObjectKey(namespace: receivers.namespace, name: Receivers.fileName))
        let text = file.json["data", PublishedHashrings.fileName]?.string ?? ""
        var (event, sending, own) = (Samples(), Samples(), Samples())
        var before: [String: Double] = [:]
        // The first changes include start-up costs: connections and memory.
        for number in -10..<(2 * changes) {
            if number == 0 {
                server.local?.clearRequests()
                before = try await process.settledRequests()
            }
            let isThere = number % 2 != 0
            let members = isThere ? count : count - 1
            let sent = ContinuousClock.now
            switch change {
            case .ready: try await receivers.setLast(ready: isThere)
            case .scaled: try await receivers.scale(to: members)
            }
            let happened = try await events.time(of: isThere)
            let written = try await files.time(of: members)
            _ = try await views.time(of: change.summary(members: members, of: count))
            guard change.isMeasured(isThere) else { continue }
            let began = ContinuousClock.now
            try await server.apply(
                Object(
                    .configMaps, namespace: receivers.namespace, name: "own",
                    ["data": [PublishedHashrings.fileName: JSON("\(text)\n\(change) \(number)")]]))
            guard number >= 0 else { continue }
            own.add(ContinuousClock.now - began)
            event.add(written - happened)
            sending.add(written - sent)
        }
        let side = server.side
        let name = "\(change.rawValue) → ConfigMap, \(count) receivers"
        report.set("\(name), median", side, event.median, atMost: 10)
        report.set("\(name), p99", side, event.percentile(99), atMost: 50)
        report.set("\(name), from the patch sent, median", side, sending.median)
        report.set("\(name), in the API server's own applies", side, "× \((event.median / own.median).short)")
        report.set("the API server's own apply, \(change.rawValue), \(count) receivers, median", side, own.median)
        let after = try await process.settledRequests()
        for (method, what, limit) in [("GET", "reads", 0.0), ("PATCH", "writes, status and all", 2)] {
            let made = (after[method] ?? 0) - (before[method] ?? 0)
            report.set("\(what) per change, \(name)", side, count: made / Double(2 * changes), exactly: limit)
        }
        if let local = server.local { countRequests(local, name, report) }
    }

    private static func countRequests(_ local: LocalCluster, _ ring: String, _ report: Report) {
        let requests = local.requests.filter { $0.userAgent.hasPrefix("tributary/") && $0.verb != "watch" }
        func perChange(_ isMeant: (RequestRecord) -> Bool) -> Double {
            Double(requests.count(where: isMeant)) / Double(2 * changes)
        }
        func isApply(_ request: RequestRecord) -> Bool {
            request.verb == "apply" && request.resource == "configmaps"
        }
        func isStatus(_ request: RequestRecord) -> Bool {
            request.verb == "apply" && request.subresource == "status"
        }
        report.set("ConfigMap applies per change, \(ring)", .local, count: perChange(isApply), exactly: 1)
        report.set("GlobalView status applies per change, \(ring)", .local, count: perChange(isStatus), exactly: 1)
        report.set(
            "other requests per change, \(ring)", .local, count: perChange { !isApply($0) && !isStatus($0) }, exactly: 0
        )
    }
}
