import Kube

extension PrometheusAgentSpec {
    /// The rules for the fields that define the pods and the workload that runs them.
    static let workloadRules: [CheckedRule<PrometheusAgentSpec>] = [
        CheckedRule(
            "!has(self.mode) || self.mode != 'DaemonSet' || (!has(self.replicas) && !has(self.shards))",
            "should be absent with mode DaemonSet, like shards: one pod runs on each node", at: "replicas"
        ) { $0.mode != "DaemonSet" || $0.replicas == nil && $0.shards == nil },
        CheckedRule(
            """
            !has(self.mode) || self.mode != 'DaemonSet' || \
            !(\(notNodeLocal.map { "has(self.\($0.name))" }.joined(separator: " || ")))
            """,
            """
            should not be DaemonSet with \(notNodeLocal.dropLast().map(\.name).joined(separator: ", ")) \
            or \(notNodeLocal.last?.name ?? ""): each pod scrapes only targets on its own node
            """,
            at: "mode"
        ) { spec in spec.mode != "DaemonSet" || !notNodeLocal.contains { $0.isSet(spec) } },
        CheckedRule(
            """
            !has(self.mode) || self.mode == 'StatefulSet' || !has(self.storage) || \
            !(has(self.storage.size) || has(self.storage.volumeClaimTemplate))
            """,
            "should be emptyDir, ephemeral or hostPath: only pods of a StatefulSet have claims of their own",
            at: "storage"
        ) { $0.mode ?? "StatefulSet" == "StatefulSet" || $0.storage?.claim == nil },
        CheckedRule(
            "!has(self.storage) || !has(self.storage.hostPath) || (has(self.mode) && self.mode == 'DaemonSet')",
            "should have hostPath only with mode DaemonSet: otherwise two pods on a node would share the directory",
            at: "storage"
        ) { $0.storage?.hostPath == nil || $0.mode == "DaemonSet" },
        CheckedRule(
            """
            !has(self.additionalArgs) || !self.additionalArgs.exists(a, a.name in \
            [\(ownArguments.map { "'\($0)'" }.joined(separator: ","))])
            """,
            "should not contain arguments that Tributary sets itself", at: "additionalArgs"
        ) { spec in !(spec.additionalArgs ?? []).contains { ownArguments.contains($0.name) } },
    ]

    /// The arguments that Tributary sets itself.
    private static let ownArguments =
        PodFields.ownArguments
        + ["agent", "storage.agent.path", "storage.agent.wal-compression", "no-storage.agent.wal-compression"]

    /// The fields that select targets regardless of their node.
    private static var notNodeLocal: [(name: String, isSet: (PrometheusAgentSpec) -> Bool)] {
        [
            ("serviceMonitorSelector", { $0.serviceMonitorSelector != nil }),
            ("probeSelector", { $0.probeSelector != nil }),
            ("scrapeConfigSelector", { $0.scrapeConfigSelector != nil }),
            ("additionalScrapeConfigs", { $0.additionalScrapeConfigs != nil }),
        ]
    }
}
