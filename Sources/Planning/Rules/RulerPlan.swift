import Kube
import PlanningInput
import PrometheusConfig
import TributaryAPI

/// What the rules of a tenant or of a global view need.
struct RulerPlan {
    /// The objects and what there is to say.
    private(set) var plan = Plan()
    /// The readiness; nil where there are no rules.
    private(set) var readiness: Readiness?
    /// The member `rules` of the status; nil where none are selected.
    private(set) var status: JSON?

    /// The plan where there are no rules.
    init() {}

    /// What the status says beside the readiness.
    var warnings: [Diagnostic] { plan.diagnostics.filter { $0.severity == .warning } }

    /// The rules of a tenant, which asks and writes as it does itself: through the gateway with its credentials, or through
    /// its read proxy.
    init(
        _ tenant: Tenant, of view: GlobalView, _ endpoints: ViewEndpoints, readURL: String, in snapshot: Snapshot
    ) {
        let key = PlanKey.tenant(tenant.metadata.key)
        let name = RulerNames.tenant(tenant.metadata.name)
        guard let spec = tenant.spec.rules, let selection = snapshot.ruleSelections[key] else { return }
        let limits = RuleLimits(ofTenantsOf: view)
        let owner = Owner(resource: Tenant.resource, metadata: tenant.metadata)
        guard let rules = selected(selection, key, name, owner, view, limits, snapshot), !rules.files.isEmpty else {
            return
        }
        guard let writeURL = endpoints.writeURL else {
            lackWriteURL(key, view)
            return
        }
        let replicas = spec.replicas ?? 1
        var access = RulerAccess(queryURL: readURL, writeURLs: [writeURL] + endpoints.replicaWriteURLs)
        access.label = (endpoints.tenantLabel, tenant.id)
        if view.spec.gateway != nil {
            let credentials = snapshot.credentials[tenant.metadata.key]
            for credential in [credentials?[.read], credentials?[.write]] {
                plan.recheck(after: credential?.waits(at: snapshot.now))
            }
            access.tokens = (
                credentials?[.read]?.handedOut(at: snapshot.now), credentials?[.write]?.handedOut(at: snapshot.now)
            )
            access.authoritySecret = view.spec.gateway?.tls?.secretName
        } else {
            access.header = endpoints.tenantHeader.map { ($0, tenant.id) }
            // It reads through its read proxy, without TLS.
            access.authorities.write = endpoints.writeAuthorities
        }
        access.isLabelledByReceiver = view.spec.thanos != nil
        access.replicaLabel = replicas > 1 && view.spec.thanos != nil ? Self.replicaLabel : nil
        let alertmanagers = spec.alertmanagers ?? view.spec.rules?.alertmanagers ?? []
        if let own = spec.alertmanagers {
            plan.diagnostics += RulerConfiguration.findings(own, about: key, field: "spec.rules.alertmanagers")
        }
        let interval = spec.evaluationInterval ?? view.spec.rules?.evaluationInterval ?? Self.interval
        run(
            RulerWorkload(
                owner: owner, name: name, component: RulerNames.tenantComponent, image: view.rulerImage,
                replicas: replicas, resources: (spec.resources ?? view.spec.rules?.resources)?.json,
                interval: limits.bounded(interval),
                configuration: RulerConfiguration(
                    access: access, namespace: owner.namespace, alertmanagers: alertmanagers,
                    alertRelabelConfigs: relabeling(spec.alertRelabelConfigs, key, view)),
                parts: RuleParts(rules.files), queryLink: endpoints.outsideReadURL ?? readURL), in: snapshot)
    }

    /// The platform's rules, which see the series of all tenants.
    init(_ view: GlobalView, _ direct: ViewEndpoints, in snapshot: Snapshot) {
        let key = PlanKey.globalView(view.metadata.key)
        let name = RulerNames.view(view.metadata.name)
        guard let spec = view.spec.rules, let selection = snapshot.ruleSelections[key] else { return }
        let owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
        guard let rules = selected(selection, key, name, owner, view, .none, snapshot), !rules.files.isEmpty else {
            return
        }
        guard let queryURL = direct.wideQueryURL ?? direct.queryURL else {
            let message = "the view has no query URL, so that its rules have nothing to read from"
            plan.diagnostics.append(.error(key, "spec.rules", "NoQueryURL", message))
            readiness = .stalled("NoQueryURL", message)
            return
        }
        guard let writeURL = direct.writeURL else {
            lackWriteURL(key, view)
            return
        }
        let replicas = spec.replicas ?? 1
        var access = RulerAccess(queryURL: queryURL, writeURLs: [writeURL] + direct.replicaWriteURLs)
        access.authorities = (direct.queryAuthorities, direct.writeAuthorities)
        (access.certificate, access.login) = (direct.writerCertificate, direct.login)
        if let header = direct.tenantHeader {
            let id = spec.storeAs ?? Self.platform
            if spec.storeAs == nil, let holder = snapshot.holder(ofID: id, of: view.metadata.key) {
                let message =
                    "\"\(id)\", the default, is the id of Tenant \"\(holder)\", which would read the results; set another id, "
                    + "or this one if that is meant"
                plan.diagnostics.append(.error(key, "spec.rules.storeAs", "IDInUse", message))
                readiness = .stalled("IDInUse", message)
                plan.keeps = RulerWorkload.kept(name, in: owner.namespace)
                return
            }
            access.header = (header, id)
        }
        access.replicaLabel = replicas > 1 && view.spec.thanos != nil ? Self.replicaLabel : nil
        plan.diagnostics += RulerConfiguration.findings(
            spec.alertmanagers ?? [], about: key, field: "spec.rules.alertmanagers")
        run(
            RulerWorkload(
                owner: owner, name: name, component: RulerNames.viewComponent, image: view.rulerImage,
                replicas: replicas, resources: spec.resources?.json,
                interval: spec.evaluationInterval ?? Self.interval,
                configuration: RulerConfiguration(
                    access: access, namespace: owner.namespace, alertmanagers: spec.alertmanagers ?? [],
                    alertRelabelConfigs: relabeling(spec.alertRelabelConfigs, key, view)),
                parts: RuleParts(rules.files), queryLink: nil), in: snapshot)
    }

    private static let interval = "1m"
    private static let platform = "platform-rules"
    private static let replicaLabel = "__replica__"

    /// The selected rules; nil where it is not known which there are, so that what exists stays.
    private mutating func selected(
        _ selection: RuleSelection, _ key: PlanKey, _ name: String, _ owner: Owner, _ view: GlobalView,
        _ limits: RuleLimits, _ snapshot: Snapshot
    ) -> SelectedRules? {
        if case .unknown(let failure) = snapshot.ruleKnowledge {
            plan.keeps = RulerWorkload.kept(name, in: owner.namespace)
            if let failure {
                plan.diagnostics.append(.error(key, "spec.rules", "WatchFailing", failure))
                readiness = .stalled("WatchFailing", failure)
            }
            return nil
        }
        guard !snapshot.monitoring.unserved.contains(.prometheusRule) else {
            plan.diagnostics.append(
                .warning(
                    key, "spec.rules", "KindNotServed",
                    "the cluster has no PrometheusRules: install their definition, of prometheus-operator"))
            return nil
        }
        let rules = SelectedRules(
            selection, in: snapshot.monitoring, version: .read(byThanos: view.rulerVersionText), limits: limits)
        plan.monitors = rules.report
        plan.diagnostics += [rules.report.finding(about: key)].compactMap(\.self)
        status = [
            "groups": JSON(rules.files.count), "rules": JSON(rules.rules), "rejectedGroups": JSON(rules.rejectedGroups),
        ]
        return rules
    }

    /// The rules for alerts, without those that Thanos would refuse.
    private mutating func relabeling(
        _ rules: [RelabelConfigSpec]?, _ key: PlanKey, _ view: GlobalView
    ) -> [RelabelConfigSpec] {
        let accepted = RulerConfiguration.accepted(
            rules ?? [], by: .read(byThanos: view.rulerVersionText), about: key)
        plan.diagnostics += accepted.problems
        return accepted.rules
    }

    private mutating func lackWriteURL(_ key: PlanKey, _ view: GlobalView) {
        let message = "GlobalView \"\(view.metadata.name)\" has no write URL, so that results of rules cannot be stored"
        plan.diagnostics.append(.error(key, "spec.rules", "NoWriteURL", message))
        readiness = .stalled("NoWriteURL", message)
    }

    private mutating func run(_ ruler: RulerWorkload, in snapshot: Snapshot) {
        plan.objects = ruler.objects
        readiness = .of(
            snapshot.workloads[ruler.workload], called: "the ruler",
            ruler.owner.troubles(ruler.component, program: RulerNames.program, in: snapshot))
    }
}
