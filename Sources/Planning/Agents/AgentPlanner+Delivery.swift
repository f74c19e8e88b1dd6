import Kube
import PlanningInput
import TributaryAPI

/// Whether the agent's samples arrive: what its pods were found to send.
extension AgentPlanner {
    /// The type of the condition.
    static var deliveringCondition: String { "Delivering" }

    /// Where the pods answer what they send; nil if Prometheus listens on the loopback interface only.
    var endpoint: AgentEndpoint? {
        let web = PrometheusWeb(agent)
        guard snapshot.watchesDelivery, !web.isLocal else { return nil }
        return AgentEndpoint(
            scheme: web.isHTTPS ? "https" : "http", port: PrometheusPod.port, prefix: web.prefix, pods: pods.wanted)
    }

    /// Adds to a status whether the agent delivers.
    mutating func addDelivery(to status: inout JSON, readyPods: Int) {
        let conditions = (status["conditions"]?.array ?? []).compactMap { try? $0.decode(Condition.self) }
        guard snapshot.watchesDelivery else {
            // It may be from a time when they were asked.
            status["conditions"] = .array(conditions.filter { $0.type != Self.deliveringCondition }.map(\.json))
            return
        }
        let old = agent.status?.conditions ?? []
        let found = snapshot.deliveries(of: agent.metadata.key)
        var condition = Condition(
            type: Self.deliveringCondition, status: .unknown, observedGeneration: agent.metadata.generation,
            reason: "NotAsked", message: "")
        if let worst = Self.worst(of: found) {
            let summary = DeliverySummary(found, worst: worst)
            condition.status = worst.value.state.isDelivering.map { $0 ? .true : .false } ?? .unknown
            condition.reason = worst.value.state.rawValue
            condition.message = summary.message
            status["delivery"] = summary.status
        } else if let former = old.first(where: { $0.type == Self.deliveringCondition }), readyPods > 0,
            !PrometheusWeb(agent).isLocal
        {
            // An operator that has just started knows nothing yet.
            condition.status = former.status
            condition.reason = former.reason
            condition.message = former.message
            status["delivery"] = agent.status?.delivery.flatMap { try? JSON(encoding: $0) }
        } else if PrometheusWeb(agent).isLocal {
            condition.message = "Prometheus listens on the loopback interface of its pods only"
        } else {
            condition.message = readyPods > 0 ? "no pod has been asked yet" : "no pod is ready"
        }
        status["conditions"] = .array(conditions.merging([condition], now: snapshot.now.description).map(\.json))
        let known: Bool? =
            switch condition.status {
            case .true: true
            case .false: false
            case .unknown: nil
            }
        plan.delivery = DeliveryReport(
            isDelivering: known, behind: status["delivery", "behindSeconds"]?.int ?? 0,
            failed: status["delivery", "failedSamplesPerMinute"]?.int ?? 0)
    }

    /// Adds the monitors without targets. As long as it is not known which ones, those of the former status stay: an operator
    /// that has just started takes some minutes to find out.
    func addIdleMonitors(to status: inout JSON, _ jobs: AgentJobs?) {
        guard snapshot.watchesDelivery, !agent.monitorKinds.isEmpty else { return }
        guard let jobs, snapshot.idleJobs[agent.metadata.key] != nil else {
            status["withoutTargets"] = agent.status?.withoutTargets.map { JSON($0) }
            status["monitorsWithoutTargets"] = agent.status?.monitorsWithoutTargets.flatMap { try? JSON(encoding: $0) }
            return
        }
        status["withoutTargets"] = JSON(jobs.report.withoutTargetsCount)
        status["monitorsWithoutTargets"] = jobs.monitorsWithoutTargets
    }

    /// The pod whose finding matters most; nil without findings.
    private static func worst(of found: [ObjectKey: PodDelivery]) -> (key: ObjectKey, value: PodDelivery)? {
        let order = PodDelivery.State.allCases
        func rank(_ delivery: PodDelivery) -> Int { order.firstIndex(of: delivery.state) ?? 0 }
        return found.max { (rank($0.value), $0.value.behind, $1.key) < (rank($1.value), $1.value.behind, $0.key) }
    }
}

/// What the pods of an agent were found to send, together.
private struct DeliverySummary {
    let found: [ObjectKey: PodDelivery]
    let worst: (key: ObjectKey, value: PodDelivery)

    init(_ found: [ObjectKey: PodDelivery], worst: (key: ObjectKey, value: PodDelivery)) {
        self.found = found
        self.worst = worst
    }

    private var isDelivering: Bool { worst.value.state.isDelivering ?? true }

    /// The members of `status.delivery`.
    var status: JSON {
        let pods = found.values
        let behind = pods.map(\.behind).max() ?? 0
        let down = pods.compactMap(\.targetsDown)
        let cause = isDelivering ? nil : worst.value.cause
        let status: JSON = [
            "behind": JSON(DeliverySteps.text(behind)), "behindSeconds": JSON(behind),
            "failedSamplesPerMinute": JSON(pods.reduce(0) { $0 + $1.failed }),
            "droppedSamplesPerMinute": JSON(pods.reduce(0) { $0 + $1.dropped }),
            "targetsDown": down.isEmpty ? .null : JSON(down.reduce(0, +)),
            "cause": cause.map { JSON($0.reason) } ?? .null,
            "reason": isDelivering ? .null : JSON(String((cause?.message ?? sentence).prefix(1000))),
        ]
        return status.droppingNulls
    }

    /// The message of the condition.
    var message: String {
        if worst.value.state == .sending { return "what the pods scrape arrives" }
        let others = found.count {
            $0.key != worst.key && $0.value.state.isDelivering == worst.value.state.isDelivering
        }
        let more = others > 0 ? " (and \(others) more)" : ""
        let cause = worst.value.cause.map { ": \($0.message)" } ?? ""
        return String("pod \(worst.key.name) \(sentence)\(cause)\(more)".prefix(2000))
    }

    /// What the worst pod does.
    private var sentence: String {
        let target = worst.value.remoteWrite.map { " to remote write \"\($0)\"" } ?? ""
        return switch worst.value.state {
        case .sending: "sends what it scrapes"
        case .nothingScraped: "has scraped nothing that it could send"
        case .noRemoteWrite: "has no remote write"
        case .silent: "does not say what it sends"
        case .behind: "is \(DeliverySteps.text(worst.value.behind)) behind with sending\(target)"
        case .losing: "loses samples\(target), since the server refuses some of them"
        case .refused: "loses its samples\(target), since the server refuses them"
        case .notSending: "gets nothing\(target.replacing(" to ", with: " through to "))"
        }
    }
}
