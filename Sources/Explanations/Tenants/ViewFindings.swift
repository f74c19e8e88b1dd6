import Kube
import Planning
import PlanningInput
import TributaryAPI

/// What a global view does with the series of a tenant.
struct ViewFindings {
    private let view: GlobalView
    private let tenant: Tenant
    private let planner: Planner

    init(_ view: GlobalView, of tenant: Tenant, _ planner: Planner) {
        self.view = view
        self.tenant = tenant
        self.planner = planner
    }

    /// The findings of the view's plan and status.
    func findings() -> [Finding] {
        let key = view.metadata.key
        let object = "GlobalView \(key)"
        guard !view.isPaused else {
            return [
                Finding(.bad, "Paused", of: object, at: "spec.paused", "is true: the operator changes nothing for it")
            ]
        }
        let plan = planner.plan(for: .globalView(key))
        var findings = plan.diagnostics.filter { $0.severity == .error }.map { Finding($0, about: object) }
        if findings.isEmpty, let trouble = Condition.trouble(view.status?.conditions) {
            findings.append(Finding(.bad, trouble.reason, of: object, trouble.message))
        }
        guard let report = plan.hashrings else {
            if findings.isEmpty { findings.append(Finding(.good, "ViewReady", of: object, "takes its series")) }
            return findings
        }
        let ring =
            tenant.spec.hashring.map { name in report.hashrings.first { $0.name == name } } ?? report.hashrings.last
        // The plan of the Tenant says so if its hashring is none of the view's.
        guard let ring else { return findings }
        // The status knows more than a plan that has not seen the published file. Files have StatefulSets and no pods.
        let live = view.status?.hashrings?.first { $0.name == ring.name }
        let members = live?.members ?? ring.members
        let held = ring.isHeld ? "; it is held at its last members" : ""
        findings.append(
            Finding(
                members > 0 ? .good : .bad, members > 0 ? "InHashring" : "HashringEmpty", of: object,
                "its series go to hashring \"\(ring.name)\", which has \(members) of \(live?.desired ?? ring.desired) "
                    + "receivers\(held)"))
        return findings + receivers(of: ring.name)
    }

    /// The receivers that are not in a hashring or have an older file, as the status says.
    private func receivers(of hashring: String) -> [Finding] {
        guard let ring = view.status?.hashrings?.first(where: { $0.name == hashring }) else { return [] }
        let object = "GlobalView \(view.metadata.key)"
        let pending = (ring.pending ?? []).prefix(Self.most).map { member in
            Finding(
                .note, member.reason ?? "Pending", of: object,
                "receiver \(member.pod) waits to join or to leave hashring \"\(hashring)\""
                    + (member.since.map { ", since \($0)" } ?? ""))
        }
        let older = (ring.older ?? []).prefix(Self.most).map { receiver in
            Finding(
                .note, receiver.reason ?? "OlderFile", of: object,
                "receiver \(receiver.pod) uses an older file of hashring \"\(hashring)\"")
        }
        return pending + older
    }

    private static let most = 5
}

extension Finding {
    /// The finding that a plan reports.
    init(_ diagnostic: Diagnostic, about object: String?) {
        self.init(
            diagnostic.severity == .error ? .bad : .note, diagnostic.reason, of: object,
            at: diagnostic.field?.description, diagnostic.message)
    }
}

extension Condition {
    /// The condition that says that an object is not ready, or that something else is not so; nil if it is, or nobody has
    /// said.
    static func trouble(_ conditions: [Condition]?, _ type: String = "Ready") -> Condition? {
        (conditions ?? []).first { $0.type == type && $0.status == .false }
    }
}
