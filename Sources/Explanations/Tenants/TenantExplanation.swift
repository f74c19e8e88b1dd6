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
        var findings = senders(of: tenant, status)
        if let view = snapshot.globalViews[tenant.globalViewKey] {
            findings += credentials(of: tenant, view) + viewFindings(view, tenant, status)
        }
        findings += plan.diagnostics.map { Self.finding($0, about: nil) }
        findings += reading(status, tenant)
        let broken = findings.first { $0.verdict == .bad }
        return Explanation(
            kind: Tenant.resource.kind, key: key, findings: findings, works: broken == nil,
            outcome: broken.map { "the way breaks at: \($0.line)" } ?? "series come through, as far as can be told")
    }

    private static func finding(_ diagnostic: Diagnostic, about object: String?) -> Finding {
        Finding(
            diagnostic.severity == .error ? .bad : .note, diagnostic.reason, of: object,
            at: diagnostic.field?.description, diagnostic.message)
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
                return Finding(.bad, "Paused", of: object, at: "spec.paused", "is true: it takes up no change")
            }
            let plan = planner.plan(for: .agent(agent.metadata.key))
            if let error = plan.diagnostics.first(where: { $0.severity == .error }) {
                return Self.finding(error, about: object)
            }
            if let trouble = Self.trouble(agent.status?.conditions) {
                return Finding(.bad, trouble.reason, of: object, trouble.message)
            }
            let monitors = plan.monitors?.accepted.values.reduce(0, +) ?? 0
            return Finding(
                .good, "Writes", of: object,
                "writes as \"\(tenant.id)\"\(url.map { " to \($0)" } ?? ""), with \(monitors) monitors")
        }
    }

    /// The condition that says that an object is not ready; nil if it is, or nobody has said.
    private static func trouble(_ conditions: [Condition]?) -> Condition? {
        (conditions ?? []).first { $0.type == "Ready" && $0.status == .false }
    }

    // MARK: - Credentials, gateway and hashring

    private func credentials(of tenant: Tenant, _ view: GlobalView) -> [Finding] {
        guard view.spec.gateway != nil else {
            return [
                Finding(
                    .note, "NoGateway", of: "GlobalView \(view.metadata.key)", at: "spec.gateway",
                    "is absent: whoever reaches the receivers may write as any tenant")
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

    private func viewFindings(_ view: GlobalView, _ tenant: Tenant, _ status: JSON) -> [Finding] {
        let key = view.metadata.key
        let object = "GlobalView \(key)"
        guard !view.isPaused else {
            return [Finding(.bad, "Paused", of: object, at: "spec.paused", "is true: it takes up no change")]
        }
        let plan = planner.plan(for: .globalView(key))
        var findings = plan.diagnostics.filter { $0.severity == .error }.map { Self.finding($0, about: object) }
        if findings.isEmpty, let trouble = Self.trouble(view.status?.conditions) {
            findings.append(Finding(.bad, trouble.reason, of: object, trouble.message))
        }
        guard let report = plan.hashrings else {
            if findings.isEmpty { findings.append(Finding(.good, "ViewReady", of: object, "takes its series")) }
            return findings
        }
        let ring =
            report.hashrings.first { $0.name == status["hashring"]?.string }
            ?? report.hashrings.last
        guard let ring else {
            return findings + [Finding(.bad, "NoHashring", of: object, "its hashring file has no hashring")]
        }
        let pending = ring.pending > 0 ? "; \(ring.pending) wait to join or to leave" : ""
        let held = ring.isHeld ? "; it is held at its last members" : ""
        findings.append(
            Finding(
                ring.members > 0 ? .good : .bad, ring.members > 0 ? "InHashring" : "HashringEmpty", of: object,
                "its series go to hashring \"\(ring.name)\", which has \(ring.members) of \(ring.desired) receivers"
                    + "\(pending)\(held)"))
        return findings
    }

    // MARK: - Reading

    private func reading(_ status: JSON, _ tenant: Tenant) -> [Finding] {
        var findings: [Finding] = []
        if let url = status["readURL"]?.string {
            findings.append(Finding(.good, "ReadURL", "is read at \(url)"))
        }
        if let trouble = Self.trouble(tenant.status?.conditions) {
            findings.append(Finding(.bad, trouble.reason, trouble.message))
        }
        if snapshot.globalViews[tenant.globalViewKey]?.spec.grafana != nil {
            findings.append(
                Finding(.good, "Datasource", "its datasource in Grafana is \"\(tenant.datasourceName)\""))
        }
        return findings
    }
}
