import Kube
import KubeClient
import KubeRuntime
import LocalCluster
import Planning
import TestSupport
import TributaryAPI

/// A receiver goes unready and comes back, again and again: how long until the hashring ConfigMap says so, and what is
/// asked of the API server for it.
enum RingBenchmark {
    private static let changes = 200

    static func run(on server: Server, receivers count: Int, _ report: Report) async throws {
        Progress.say("\(server.side.name): a hashring of \(count) receivers changes \(changes) times")
        let receivers = Receivers(server: server, namespace: "ring-\(count)", count: count)
        try await receivers.make()
        try await OperatorProcess.with(server) { process in
            try await measure(receivers, report)
            if count == 3 { try await IdleBenchmark.requests(on: server, report) }
            report.set(
                "resident memory, \(count) receivers, after \(changes) changes", server.side,
                megabytes: process.memory.resident)
        }
    }

    private static func measure(_ receivers: Receivers, _ report: Report) async throws {
        let (server, count) = (receivers.server, receivers.count)
        var pods = Sightings<Bool>(WatchScope(.pods, namespace: receivers.namespace), server.client) { pod in
            pod.key == receivers.lastPod ? ReceiverPod(pod)?.isReady : nil
        }
        var files = Sightings<Int>(WatchScope(.configMaps, namespace: receivers.namespace), server.client) { file in
            guard file.name == Receivers.fileName else { return nil }
            return PublishedHashrings(file)?.file?.rings.first?.endpoints.count
        }
        var views = Sightings<String>(WatchScope(GlobalView.resource, namespace: receivers.namespace), server.client) {
            $0.json["status", "hashringSummary"]?.string
        }
        _ = try await files.time(of: count)
        _ = try await views.time(of: "soft \(count)/\(count)")
        let file = try await server.client.get(
            .configMaps, ObjectKey(namespace: receivers.namespace, name: Receivers.fileName))
        let text = file.json["data", PublishedHashrings.fileName]?.string ?? ""
        // What the first changes cost is start-up: connections are made and memory is taken.
        var (event, flip, own) = (Samples(), Samples(), Samples())
        for number in -10..<changes {
            if number == 0 { server.local?.clearRequests() }
            let isReady = number % 2 != 0
            let members = isReady ? count : count - 1
            let sent = ContinuousClock.now
            try await receivers.setLast(ready: isReady)
            let happened = try await pods.time(of: isReady)
            let written = try await files.time(of: members)
            _ = try await views.time(of: "soft \(members)/\(count)")
            let before = ContinuousClock.now
            try await server.apply(
                Object(
                    .configMaps, namespace: receivers.namespace, name: "own",
                    ["data": [PublishedHashrings.fileName: JSON("\(text)\n\(number)")]]))
            guard number >= 0 else { continue }
            own.add(ContinuousClock.now - before)
            event.add(written - happened)
            flip.add(written - sent)
        }
        let side = server.side
        let ring = "\(count) receivers"
        report.set("event → ConfigMap write, \(ring), median", side, event.median, atMost: 10)
        report.set("event → ConfigMap write, \(ring), p99", side, event.percentile(99))
        report.set("kubelet's patch sent → ConfigMap seen, \(ring), median", side, flip.median)
        report.set("the API server's own apply of that ConfigMap, \(ring), median", side, own.median)
        report.set(
            "event → ConfigMap write, \(ring), in own applies", side, "× \((event.median / own.median).short)")
        if let local = server.local { countRequests(local, ring, report) }
    }

    private static func countRequests(_ local: LocalCluster, _ ring: String, _ report: Report) {
        let requests = local.requests.filter { $0.userAgent.hasPrefix("tributary/") && $0.verb != "watch" }
        func perChange(_ isMeant: (RequestRecord) -> Bool) -> Double {
            Double(requests.count(where: isMeant)) / Double(changes)
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
