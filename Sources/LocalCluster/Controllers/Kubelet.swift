import Kube

/// Assigns a node and an address to pods and reports them as running, as the scheduler and the kubelets do. No container
/// runs.
///
/// A pod with the annotation `local.tributary.dev/ready: "false"` is not ready.
final class Kubelet: Sendable {
    /// The annotation that makes a pod unready.
    static let readyAnnotation = "local.tributary.dev/ready"

    private struct State {
        /// When each pending pod was first seen, by UID.
        var firstSeen: [String: ContinuousClock.Instant] = [:]
        var addresses = 0
    }

    private let cluster: InProcessClient
    private let readyDelay: Duration
    private let state = Locked(State())

    /// Creates a kubelet that starts pods after a delay.
    init(cluster: InProcessClient, readyDelay: Duration) {
        self.cluster = cluster
        self.readyDelay = readyDelay
    }

    /// Starts a pod when its delay is over, and sets its readiness. Returns the delay that is left, if any.
    func reconcile(_ key: ObjectKey) throws(APIStatus) -> Duration? {
        guard var pod = cluster.get(.pods, key), !pod.isBeingDeleted, let uid = pod.uid else { return nil }
        let phase = pod.json["status", "phase"]?.string ?? "Pending"
        guard phase == "Pending" || phase == "Running" else { return nil }
        if phase == "Pending" {
            let clock = ContinuousClock.now
            let (first, isNew) = state.withLock { state in
                if let first = state.firstSeen[uid] { return (first, false) }
                state.firstSeen[uid] = clock
                return (clock, true)
            }
            let left = first.duration(to: clock)
            if left < readyDelay { return isNew ? readyDelay : readyDelay - left }
            state.withLock { $0.firstSeen[uid] = nil }
        }
        if pod.json["spec", "nodeName"]?.string == nil {
            pod.json["spec", "nodeName"] = .string(nodeName())
            pod = try cluster.update(.pods, pod, subresource: nil)
        }
        try cluster.setStatus(.pods, of: pod, to: status(of: pod))
        return nil
    }

    private func nodeName() -> String {
        let nodes = cluster.list(.nodes, namespace: nil).map(\.name)
        if nodes.isEmpty { return "local" }
        let pods = cluster.list(.pods, namespace: nil).compactMap { $0.json["spec", "nodeName"]?.string }
        let load = Dictionary(pods.map { ($0, 1) }, uniquingKeysWith: +)
        return nodes.min { (load[$0] ?? 0, $0) < (load[$1] ?? 0, $1) } ?? "local"
    }

    private func address() -> String {
        let number = state.withLock { state in
            state.addresses += 1
            return state.addresses
        }
        return "10.\(200 + number >> 16 & 31).\(number >> 8 & 255).\(number & 255)"
    }

    private func status(of pod: Object) -> JSON {
        let isReady = pod.annotations[Self.readyAnnotation] != "false"
        let now = Timestamp.now
        var status = pod.json["status"] ?? [:]
        status["phase"] = "Running"
        let started = status["startTime"]?.string ?? now.description
        status["startTime"] = .string(started)
        status["hostIP"] = "127.0.0.1"
        let address = status["podIP"]?.string ?? self.address()
        status["podIP"] = .string(address)
        status["podIPs"] = [["ip": .string(address)]]
        let ready: Condition.Status = isReady ? .true : .false
        let reason = isReady ? "" : "ContainersNotReady"
        let message = isReady ? "" : "the annotation \(Self.readyAnnotation) is \"false\""
        status["conditions"] = pod.conditions(
            merging: [
                Condition(type: "PodScheduled", status: .true, reason: "", message: ""),
                Condition(type: "Initialized", status: .true, reason: "", message: ""),
                Condition(type: "ContainersReady", status: ready, reason: reason, message: message),
                Condition(type: "Ready", status: ready, reason: reason, message: message),
            ], now: now)
        func containerStatuses(_ list: String, _ state: JSON, ready: Bool) -> JSON {
            .array(
                (pod.json["spec", list]?.array ?? []).map { container in
                    [
                        "name": container["name"] ?? "", "image": container["image"] ?? "",
                        "imageID": container["image"] ?? "", "ready": .bool(ready), "started": .bool(true),
                        "restartCount": 0, "state": state, "lastState": [:],
                    ]
                })
        }
        let running: JSON = ["running": ["startedAt": .string(started)]]
        status["containerStatuses"] = containerStatuses("containers", running, ready: isReady)
        if pod.json["spec", "initContainers"] != nil {
            let done: JSON = [
                "terminated": [
                    "exitCode": 0, "reason": "Completed", "startedAt": .string(started), "finishedAt": .string(started),
                ]
            ]
            status["initContainerStatuses"] = containerStatuses("initContainers", done, ready: true)
        }
        return status
    }
}
