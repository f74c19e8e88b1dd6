import Kube
import Planning
import PlanningInput
import TributaryAPI

/// Explains the way of a tenant's series: from its agents over credential, gateway and hashring to those who read.
package struct TenantExplanation {
    private let snapshot: Snapshot
    private let planner: Planner
    /// Whether the objects are those of a cluster, which has all of them.
    private let isComplete: Bool

    /// Explains from what planning reads.
    package init(_ snapshot: Snapshot, isComplete: Bool) {
        self.snapshot = snapshot
        self.isComplete = isComplete
        planner = Planner(snapshot)
    }

    /// The names of the tenants.
    package var names: [String] { snapshot.tenants.keys.map(\.description) }

    /// The explanation of a tenant; nil if there is none of that name.
    package func explain(_ key: ObjectKey) -> Explanation? {
        guard let tenant = snapshot.tenants[key] else { return nil }
        let plan = planner.plan(for: .tenant(key))
        let status = plan.statuses.first?.status ?? [:]
        var findings = senders(of: tenant, status) + grants(of: tenant)
        if let view = snapshot.globalViews[tenant.globalViewKey] {
            findings += credentials(of: tenant, view)
            findings += ViewFindings(view, of: tenant, planner).findings()
        }
        findings += plan.diagnostics.map { Finding($0, about: nil) }
        findings += reading(status, tenant)
        for type in ["Ready", "Receiving"] {
            guard let trouble = Condition.trouble(tenant.status?.conditions, type),
                !findings.contains(where: { $0.reason == trouble.reason })
            else { continue }
            findings.append(Finding(.bad, trouble.reason, trouble.message))
        }
        let broken = findings.first { $0.verdict == .bad }
        return Explanation(
            kind: Tenant.resource.kind, key: key, findings: findings, works: broken == nil,
            outcome: broken.map { "the way breaks at \($0.object ?? "the Tenant itself"): \($0.reason)" }
                ?? "series come through, as far as can be told")
    }

    // MARK: - Agents

    private func senders(of tenant: Tenant, _ status: JSON) -> [Finding] {
        let key = tenant.metadata.key
        let agents = snapshot.agents.values.filter { $0.tenantKeys.contains(key) }
            .sorted { $0.metadata.key < $1.metadata.key }
        guard !agents.isEmpty else {
            let place = isComplete ? "the cluster" : "the files"
            return [
                Finding(
                    .note, "NoAgent",
                    "no PrometheusAgent in \(place) writes as it by spec.tenantRef; for another cluster: tributary render "
                        + "--tenant \(key)")
            ]
        }
        let url = status["writeURL"]?.string
        return agents.map { agent in
            let object = "PrometheusAgent \(agent.metadata.key)"
            guard !agent.isPaused else {
                return Finding(
                    .bad, "Paused", of: object, at: "spec.paused", "is true: the operator changes nothing for it")
            }
            let plan = planner.plan(for: .agent(agent.metadata.key))
            // A reason that names another tenant of the agent does not concern this one.
            let errors = plan.diagnostics.filter { $0.severity == .error }.filter {
                !$0.message.contains("Tenant \"") || $0.message.contains("Tenant \"\(key)\"")
            }
            if let error = errors.first {
                return Finding(error, about: object)
            }
            let conditions = agent.status?.conditions
            if let trouble = Condition.trouble(conditions) ?? Condition.trouble(conditions, "Delivering") {
                return Finding(.bad, trouble.reason, of: object, trouble.message)
            }
            let monitors = plan.monitors?.accepted.values.reduce(0, +) ?? 0
            return Finding(
                .good, "Writes", of: object,
                "writes as \"\(tenant.id)\"\(url.map { " to \($0)" } ?? ""); "
                    + (monitors == 0 ? "it selects no monitors" : "it has \(monitors) monitors"))
        }
    }

    /// The agents that may write as the tenant, and are not there or do not.
    private func grants(of tenant: Tenant) -> [Finding] {
        (tenant.spec.agents ?? []).enumerated().compactMap { index, grant in
            let key = ObjectKey(namespace: grant.namespace, name: grant.name)
            let field = "spec.agents[\(index)]"
            guard let agent = snapshot.agents[key] else {
                let place = isComplete ? "the cluster" : "the files"
                let nearest = Nearest.question("\(key)", among: snapshot.agents.keys.map(\.description))
                return Finding(
                    .note, "AgentNotFound", at: field, "PrometheusAgent \(key) is not in \(place)\(nearest)")
            }
            guard !agent.tenantKeys.contains(tenant.metadata.key) else { return nil }
            return Finding(
                .note, "AgentDoesNotWrite", at: field,
                "PrometheusAgent \(key) may write as it and does not: its spec.tenantRef does not name the Tenant")
        }
    }

    // MARK: - Credentials

    private func credentials(of tenant: Tenant, _ view: GlobalView) -> [Finding] {
        guard view.spec.gateway != nil else {
            return [
                Finding(
                    .note, "NoGateway", of: "GlobalView \(view.metadata.key)", at: "spec.gateway",
                    "is absent: whoever reaches its write URL may write as any tenant")
            ]
        }
        guard !tenant.isGlob else { return [] }
        return [CredentialPurpose.write, .read].map { purpose in
            let name = "credential for \(purpose == .write ? "writing" : "reading")"
            switch snapshot.finding(purpose, of: tenant) {
            case .valid: return Finding(.good, "CredentialValid", "its \(name) is valid")
            case .invalid(let problem): return Finding(.bad, "CredentialInvalid", "its \(name): \(problem)")
            case .missing(let problem): return Finding(.bad, "CredentialNotFound", "its \(name): \(problem)")
            case .none, .unknown:
                return Finding(
                    .note, "CredentialNotRead",
                    "its \(name) is not looked up: Tributary makes it in Secret "
                        + purpose.secretName(of: tenant.metadata.name))
            }
        }
    }

    // MARK: - Reading

    private func reading(_ status: JSON, _ tenant: Tenant) -> [Finding] {
        var findings: [Finding] = []
        if let url = status["readURL"]?.string {
            findings.append(Finding(.good, "ReadURL", "is read at \(url)"))
        }
        if snapshot.globalViews[tenant.globalViewKey]?.spec.grafana != nil {
            findings.append(
                Finding(.good, "Datasource", "its datasource in Grafana is \"\(tenant.datasourceName)\""))
        }
        return findings
    }
}
