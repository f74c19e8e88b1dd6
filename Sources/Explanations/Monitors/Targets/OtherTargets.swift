import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// What a Probe and a ScrapeConfig find.
struct OtherTargets {
    let monitor: ObservedMonitor
    let spec: JSON
    let agents: [Scraper]
    let objects: TargetObjects

    /// The targets of a Probe: those that it names, or Ingresses.
    func probe() -> TargetFindings {
        var result = TargetFindings()
        let targets = spec["targets"] ?? [:]
        if let config = targets["staticConfig"], !config.isNull {
            let named = config["static"]?.array?.compactMap(\.string) ?? []
            guard !named.isEmpty else {
                result.add(
                    .bad, "NoTargets", at: "spec.targets.staticConfig.static", "is empty: it lists what to probe")
                return result
            }
            result.hasTargets = true
            result.add(.good, "TargetsFound", at: "spec.targets.staticConfig.static", "names \(named.listed())")
            return result
        }
        let field = "spec.targets.ingress"
        guard let ingress = targets["ingress"], !ingress.isNull else {
            result.add(.bad, "NoTargets", at: "spec.targets", "needs staticConfig.static, or ingress")
            return result
        }
        guard let selector = try? (ingress["selector"] ?? [:]).decode(LabelSelector.self) else {
            result.add(.bad, "InvalidSelector", at: "\(field).selector", "is not a label selector")
            return result
        }
        let reach = TargetReach(
            ingress["namespaceSelector"], at: "\(field).namespaceSelector", of: monitor.key.namespace, agents, objects)
        result.findings += reach.findings
        let selected = objects.ingresses.filter { reach.contains($0.key.namespace) && selector.matches($0.labels) }
        if selected.isEmpty {
            let there = objects.ingresses.filter { reach.contains($0.key.namespace) }
            let misses = there.map { selector.misses($0.labels) }
            let nearest = misses.shortest.map {
                "; the nearest is Ingress \(there[$0].key): \(misses[$0].joined(separator: "; "))"
            }
            result.add(
                .bad, "NoIngress", at: "\(field).selector",
                "\(selector.text) selects no Ingress in \(reach.text)\(nearest ?? "")")
        } else {
            result.hasTargets = true
            result.add(
                .good, "TargetsFound", at: "\(field).selector",
                "selects Ingress \(selected.map(\.key.description).sorted().listed())")
        }
        return result
    }

    /// The targets of a ScrapeConfig: those that it names; others can only be told by asking for them.
    func scrapeConfig() -> TargetFindings {
        var result = TargetFindings()
        for name in MonitorFields.discoveries {
            guard let list = spec[name]?.array, !list.isEmpty else { continue }
            guard name == "staticConfigs" else {
                result.hasTargets = true
                result.add(
                    .note, "NotAsked", at: "spec.\(name)", "finds targets when Prometheus asks; not looked up here")
                continue
            }
            let targets = list.flatMap { $0["targets"]?.array?.compactMap(\.string) ?? [] }
            if targets.isEmpty {
                result.add(.bad, "NoTargets", at: "spec.staticConfigs", "has no targets")
            } else {
                result.hasTargets = true
                result.add(.good, "TargetsFound", at: "spec.staticConfigs", "names \(targets.listed())")
            }
        }
        if result.findings.isEmpty {
            result.add(.bad, "NoTargets", at: "spec", "has no list that finds targets, such as staticConfigs")
        }
        return result
    }
}
