import Kube

extension PrinterColumn {
    static let deployments: [PrinterColumn] =
        [
            .name, ready(of: ["spec", "replicas"]), .number("Up-to-date", "status", "updatedReplicas"),
            .number("Available", "status", "availableReplicas"), .age,
        ] + containers + [selector]

    static let statefulSets: [PrinterColumn] = [.name, ready(of: ["spec", "replicas"]), .age] + containers

    static let replicaSets: [PrinterColumn] =
        [
            .name, .number("Desired", "spec", "replicas"), .number("Current", "status", "replicas"),
            .number("Ready", "status", "readyReplicas"), .age,
        ] + containers + [selector]

    static let daemonSets: [PrinterColumn] =
        [
            .name, .number("Desired", "status", "desiredNumberScheduled"),
            .number("Current", "status", "currentNumberScheduled"), .number("Ready", "status", "numberReady"),
            .number("Up-to-date", "status", "updatedNumberScheduled"),
            .number("Available", "status", "numberAvailable"),
            PrinterColumn("Node Selector") { object, _ in
                .string(labelText(object.json["spec", "template", "spec", "nodeSelector"]))
            }, .age,
        ] + containers + [selector]

    static let podDisruptionBudgets: [PrinterColumn] = [
        .name, .text("Min Available", "spec", "minAvailable", fallback: "N/A"),
        .text("Max Unavailable", "spec", "maxUnavailable", fallback: "N/A"),
        .number("Allowed Disruptions", "status", "disruptionsAllowed"), .age,
    ]

    static let pods: [PrinterColumn] = [
        .name,
        PrinterColumn("Ready", description: "Number of ready containers out of all containers of the pod.") {
            object, _ in
            .string(PodSummary(object).ready)
        },
        PrinterColumn(
            "Status", description: "State of the pod, or the reason of its first container that is not running."
        ) { object, _ in
            .string(PodSummary(object).status)
        },
        PrinterColumn("Restarts", description: "Number of restarts of all containers of the pod.") { object, _ in
            .string(String(PodSummary(object).restarts))
        },
        .age,
        PrinterColumn("IP", priority: 1) { object, _ in
            .string(object.json["status", "podIPs"]?[0]?["ip"]?.string ?? "<none>")
        },
        .text("Node", "spec", "nodeName", fallback: "<none>", priority: 1),
        .text("Nominated Node", "status", "nominatedNodeName", fallback: "<none>", priority: 1),
        PrinterColumn("Readiness Gates", priority: 1) { object, _ in .string(readinessGates(object)) },
    ]

    private static func ready(of replicas: [String]) -> PrinterColumn {
        PrinterColumn("Ready", description: "Number of ready pods out of the desired number.") { object, _ in
            let ready = object.json["status", "readyReplicas"]?.int ?? 0
            return .string("\(ready)/\(object.json[path: replicas]?.int ?? 0)")
        }
    }

    private static func readinessGates(_ pod: Object) -> String {
        let gates = (pod.json["spec", "readinessGates"]?.array ?? []).compactMap { $0["conditionType"]?.string }
        if gates.isEmpty { return "<none>" }
        let met = gates.filter { gate in
            (pod.json["status", "conditions"]?.array ?? []).contains {
                $0["type"]?.string == gate && $0["status"]?.string == "True"
            }
        }
        return "\(met.count)/\(gates.count)"
    }
}

/// The summary of a pod's containers that `kubectl get pods` prints.
private struct PodSummary {
    var ready = ""
    var status: String
    var restarts = 0

    init(_ pod: Object) {
        let phase = pod.json["status", "phase"]?.string ?? ""
        status = pod.json["status", "reason"]?.string ?? phase
        var total = pod.json["spec", "containers"]?.array?.count ?? 0
        let initContainers = pod.json["spec", "initContainers"]?.array ?? []
        let sidecars = initContainers.filter { $0["restartPolicy"]?.string == "Always" }.compactMap {
            $0["name"]?.string
        }
        total += sidecars.count
        var readyCount = 0
        var isInitializing = false
        for (index, container) in (pod.json["status", "initContainerStatuses"]?.array ?? []).enumerated() {
            let isSidecar = sidecars.contains(container["name"]?.string ?? "")
            if isSidecar { restarts = Self.sum(restarts, container["restartCount"]) }
            if container["state", "terminated", "exitCode"]?.int == 0 { continue }
            if isSidecar, container["started"]?.bool == true {
                if container["ready"]?.bool == true { readyCount += 1 }
                continue
            }
            let reason = Self.reason(container)
            status = reason.map { "Init:\($0)" } ?? "Init:\(index)/\(initContainers.count)"
            if container["state", "waiting", "reason"]?.string == "PodInitializing" {
                status = "Init:\(index)/\(initContainers.count)"
            }
            isInitializing = true
            break
        }
        if !isInitializing {
            for container in (pod.json["status", "containerStatuses"]?.array ?? []).reversed() {
                restarts = Self.sum(restarts, container["restartCount"])
                if let reason = Self.reason(container) {
                    status = reason
                } else if container["ready"]?.bool == true, container["state", "running"] != nil {
                    readyCount += 1
                }
            }
        }
        if pod.isBeingDeleted, phase != "Succeeded", phase != "Failed" { status = "Terminating" }
        ready = "\(readyCount)/\(total)"
    }

    /// Adds a container's restarts, without overflow: a client may write any number into the status.
    private static func sum(_ restarts: Int, _ count: JSON?) -> Int {
        let (sum, isOverflow) = restarts.addingReportingOverflow(count?.int ?? 0)
        return isOverflow ? restarts : sum
    }

    /// Why a container waits or terminated; nil if it runs.
    private static func reason(_ container: JSON) -> String? {
        if let waiting = container["state", "waiting", "reason"]?.string, !waiting.isEmpty { return waiting }
        guard let terminated = container["state", "terminated"] else { return nil }
        if let reason = terminated["reason"]?.string, !reason.isEmpty { return reason }
        if let signal = terminated["signal"]?.int, signal != 0 { return "Signal:\(signal)" }
        return "ExitCode:\(terminated["exitCode"]?.int ?? 0)"
    }
}
