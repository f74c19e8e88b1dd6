import Hashring
import Kube
import Planning
import PlanningInput
import Receivers
import TributaryAPI

/// Whether a receiver is in the file of a hashring that has its StatefulSet, and what it waits for where it is not.
struct RingFindings {
    private(set) var findings: [Finding] = []
    /// Whether the file names the receiver.
    private(set) var isMember = false

    private let view: GlobalView
    private let hashring: HashringSpec
    private let field: String
    private let subject: ReceiverSubject
    private let snapshot: Snapshot
    private let isComplete: Bool
    private let plan: Plan
    private let address: String

    private var object: String { "GlobalView \(view.metadata.key)" }
    private var name: String { "hashring \"\(hashring.name)\"" }

    init(
        _ match: SelectionFindings.Match, _ set: ReceiverSet, _ subject: ReceiverSubject, _ planner: Planner,
        _ snapshot: Snapshot, isComplete: Bool
    ) {
        (view, hashring, field) = (match.view, match.hashring, match.field)
        (self.subject, self.snapshot, self.isComplete) = (subject, snapshot, isComplete)
        plan = planner.plan(for: .globalView(view.metadata.key))
        address = set.address(
            of: subject.key.name, domain: match.hashring.effectiveClusterDomain, port: match.hashring.effectivePort)
        find()
    }

    private mutating func find() {
        let published = snapshot.published[view.hashringsKey].flatMap { try? HashringFile(parsing: $0.found) }
        let planned = plan.objects.first { $0.kind == Resource.configMaps.kind && $0.key == view.hashringsKey }
            .flatMap { PublishedHashrings($0)?.file }
        if let asked = subject.asked, asked != address {
            add(
                .note, "AddressDiffers", at: "\(field)",
                "hashrings have \(address) for this pod, and not \(asked): port, clusterDomain and the StatefulSet's "
                    + "serviceName make the address")
        }
        if let published, names(published) {
            member(of: published, "its published file")
        } else if published == nil, !isComplete, let planned, names(planned) {
            member(of: planned, "the file that it would publish first")
        } else {
            outsider(published, planned)
        }
    }

    private func names(_ file: HashringFile) -> Bool {
        file.members(of: hashring.name).contains { $0.address == address }
    }

    // MARK: - In the file

    private mutating func member(of file: HashringFile, _ what: String) {
        isMember = true
        let entries = file.rings.filter { $0.hashringName == hashring.name }
        add(
            .good, "InHashring",
            "\(name) of \(what) has it as \(address); it serves \(Self.tenants(of: entries))")
        // Files seldom have the pods, which says nothing about them.
        if let pending, isComplete || subject.pod != nil { findings += explain(pending, .note) }
        let older = status?["older"]?.array?.first { $0["pod"]?.string == subject.key.name }
        if let older {
            add(
                .note, older["reason"]?.string ?? "OlderFile",
                "it still uses an older file, \(older["hash"]?.string ?? ""): it should mount ConfigMap "
                    + "\(view.hashringsKey) as a whole volume, and look at it often")
        }
    }

    /// Whose series an entry takes.
    private static func tenants(of entries: [Hashring]) -> String {
        guard !entries.contains(where: \.isCatchAll) else { return "every tenant that no other hashring lists" }
        let globs = entries.filter { $0.tenantMatcher == .glob }.flatMap(\.tenants)
        let ids = entries.filter { $0.tenantMatcher != .glob }.flatMap(\.tenants)
        let parts = [
            ids.isEmpty ? nil : "\(ids.count == 1 ? "tenant" : "tenants") \(ids.listed(most: 5))",
            globs.isEmpty ? nil : "ids that match \(globs.listed(most: 5))",
        ]
        return parts.compactMap(\.self).joined(separator: " and ")
    }

    // MARK: - Not in the file

    private mutating func outsider(_ published: HashringFile?, _ planned: HashringFile?) {
        guard !view.isPaused else {
            return add(.bad, "Paused", at: "spec.paused", "is true: the hashring file stays as it is")
        }
        // One that is only not ready is a member, where its hashring is published.
        if subject.isWanted, let pending, pending.reason != Membership.Reason.unready.rawValue {
            findings += explain(pending, .bad)
        }
        let errors = plan.diagnostics.filter { $0.severity == .error }
        for error in errors.prefix(3) {
            let stays = published == nil ? "no file is published" : "the published file stays"
            var finding = Finding(error, about: object)
            finding.message = "\(stays): \(finding.message)"
            findings.append(finding)
        }
        if let planned, names(planned), errors.isEmpty {
            add(
                .bad, "NotPublishedYet",
                "\(name) should have it by now, and ConfigMap \(view.hashringsKey) \(published == nil ? "does not exist" : "has not"): "
                    + "is the operator running? tributary status; tributary doctor")
        }
        if !hashring.isSoft, !hasTenants {
            add(
                .bad, "NoTenants", at: field,
                "no Tenant names \(name) in spec.hashring, so the file has no such hashring: without tenants it would "
                    + "take the series of everybody")
        }
        for warning in plan.diagnostics
        where warning.severity == .warning && ["HashringWaiting", "NoReceivers"].contains(warning.reason)
            && warning.message.contains(name)
        {
            findings.append(Finding(warning, about: object))
        }
        let isExplained = findings.contains { $0.verdict == .bad }
        if !isExplained, let trouble = Condition.trouble(view.status?.conditions) {
            add(.bad, trouble.reason, trouble.message)
        } else if !isExplained {
            add(.bad, "NotInFile", "\(name) does not have it as \(address)")
        }
    }

    private var hasTenants: Bool {
        snapshot.tenants.values.contains {
            $0.globalViewKey == view.metadata.key && $0.spec.hashring == hashring.name
        }
    }

    // MARK: - What it waits for

    /// The hashring in the planned status. It is newer than the one of the cluster, unless there are no pods.
    private var status: JSON? {
        let planned = plan.statuses.first?.status["hashrings"]?.array?.first { $0["name"]?.string == hashring.name }
        let live = view.status?.hashrings?.first { $0.name == hashring.name }.flatMap { try? JSON(encoding: $0) }
        return [planned, live].compactMap(\.self).first { $0["pending"] != nil || $0["older"] != nil } ?? planned
            ?? live
    }

    private var pending: PendingMember? {
        (status?["pending"]?.array ?? []).first { $0["pod"]?.string == subject.key.name }
            .flatMap { try? $0.decode(PendingMember.self) }
    }

    /// What a waiting receiver waits for, with what the plan says about it.
    private func explain(_ pending: PendingMember, _ verdict: Finding.Verdict) -> [Finding] {
        let reason = pending.reason.flatMap { Membership.Reason(rawValue: $0) }
        if let reason, [.moveLimited, .held].contains(reason),
            let said = plan.diagnostics.first(where: {
                ["MoveHeld", "HashringHeld"].contains($0.reason) && $0.message.contains(name)
            })
        {
            var finding = Finding(said, about: object)
            finding.verdict = verdict
            return [finding]
        }
        let since = pending.since.map { ", since \($0)" } ?? ""
        let (part, text) = reason.map { explanation(of: $0) } ?? (nil, "\(name) makes it wait")
        return [
            Finding(
                verdict, pending.reason ?? "Pending", of: object, at: part.map { "\(field).membership.\($0)" },
                text + since)
        ]
    }

    private func explanation(of reason: Membership.Reason) -> (field: String?, text: String) {
        let membership = hashring.membership
        switch reason {
        case .notReady:
            return (nil, "\(name) takes it once it is ready\(membership?.joinAfter.map { " for \($0)" } ?? "")")
        case .joinDelayed:
            return ("joinAfter", "\(name) takes it once it has been ready for \(membership?.joinAfter ?? "a while")")
        case .stepLimited:
            return (
                "maxStep",
                "at most \(membership?.maxStep ?? 1) join or leave \(name) at a time, 30 s apart; its turn comes"
            )
        case .tooFewReady: return (nil, "\(name) is published once more receivers are ready for its copies")
        case .zoneUnknown: return ("zone", "\(name) takes it once its availability zone is known: \(zoneSource)")
        case .zonesUneven:
            return (
                "zone",
                "with it, the zones of \(name) would be too uneven for the copies: add as many receivers in the others"
            )
        case .unready:
            return (
                "leaveAfter",
                "it is in \(name) and not ready; it leaves when that lasts \(membership?.leaveAfter ?? "5m")"
            )
        case .held: return ("minReplicas", "\(name) keeps it although it should leave, since too few would remain")
        case .moveLimited:
            return ("maxMove", "\(name) stays as it is, since the change would move more series than it may")
        }
    }

    private var zoneSource: String {
        switch hashring.membership?.zone?.source {
        case .statefulSet: "the name of its StatefulSet"
        case .annotation: "annotation \(hashring.membership?.zone?.key ?? "") of the pod"
        case .endpointSlice: "the EndpointSlices of Service \(subject.set?.serviceName ?? "")"
        case .node, nil: "label \(hashring.membership?.zone?.nodeLabel ?? "") of its node"
        }
    }

    private mutating func add(
        _ verdict: Finding.Verdict, _ reason: String, at field: String? = nil, _ message: String
    ) {
        findings.append(Finding(verdict, reason, of: object, at: field, message))
    }
}
