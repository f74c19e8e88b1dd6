import Crypto
import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI
import YAML

/// The groups of the selected PrometheusRules, each in a file of its own, and those that are left out.
///
/// Thanos refuses all files for one bad group. So groups are checked one by one before they get there.
struct SelectedRules {
    /// The files by name.
    private(set) var files: [String: String] = [:]
    /// What became of the PrometheusRules.
    private(set) var report = MonitorReport()
    /// The number of rules in the files.
    private(set) var rules = 0
    private(set) var rejectedGroups = 0

    private let version: PrometheusVersion
    private let limits: RuleLimits
    private var bytes = 0
    /// The most bytes of all files together: they fit into the ConfigMaps.
    static let mostBytes = RulerNames.mostParts * RuleParts.mostBytes / 2

    /// Reads the selected PrometheusRules.
    init(_ selection: RuleSelection, in monitoring: Monitoring, version: PrometheusVersion, limits: RuleLimits) {
        self.version = version
        self.limits = limits
        for rule in selection.selected(in: monitoring) { add(rule) }
    }

    private mutating func add(_ rule: ObservedMonitor) {
        let readings: [RuleGroup.Reading]
        do throws(FieldError) {
            readings = try RuleGroup.read(rule.object, for: version)
        } catch {
            report.rejected.append(MonitorFinding(rule, "RuleRejected", error))
            return
        }
        var isUsed = readings.isEmpty
        for reading in readings {
            do throws(FieldError) {
                try add(try reading.result.get(), at: reading.index, of: rule)
                isUsed = true
            } catch {
                rejectedGroups += 1
                report.rejected.append(MonitorFinding(rule, reading, error))
            }
        }
        if isUsed { report.accepted[.prometheusRule, default: 0] += 1 }
    }

    private mutating func add(_ group: RuleGroup, at index: Int, of rule: ObservedMonitor) throws(FieldError) {
        guard !group.rules.isEmpty else { return }
        let path = FieldPath("spec.groups").appending(index)
        if let most = limits.rules, rules + group.rules.count > most {
            throw FieldError(
                path, "has \(group.rules.count) rules, with which the tenant would have more than \(most)")
        }
        let text = YAML.write([["groups": [limits.bounded(group).json(for: version)]]])
        guard text.utf8.count <= RuleParts.mostBytes, bytes + text.utf8.count <= Self.mostBytes else {
            throw FieldError(path, "has \(text.utf8.count) bytes, which do not fit beside the other groups")
        }
        if group.queryOffset != nil, version < RuleGroup.firstQueryOffset {
            report.leftOut.append(
                MonitorFinding(
                    rule, "FieldNotSupported",
                    FieldError(
                        path.appending("query_offset"), "needs Thanos v0.38.0; the group is evaluated without it")))
        }
        files[Self.fileName(rule.key, group.name)] = text
        bytes += text.utf8.count
        rules += group.rules.count
    }

    /// The name of a group's file, which stays for as long as the group has its name: Thanos keeps the state of its alerts by
    /// it.
    private static func fileName(_ rule: ObjectKey, _ group: String) -> String {
        let digest = SHA256.hexadecimal("\(rule)/\(group)").prefix(12)
        return "\(rule.namespace)_\(rule.name.prefix(150))_\(digest).yaml"
    }
}

extension MonitorReport {
    /// The warning on the custom resource that selects the rules; nil if all are used.
    func finding(about: PlanKey) -> Diagnostic? {
        guard let first = rejected.first else { return nil }
        let others = rejected.count > 1 ? " (and \(rejected.count - 1) more)" : ""
        return .warning(about, "spec.rules", "RulesRejected", "left out: \(first)\(others)")
    }
}
