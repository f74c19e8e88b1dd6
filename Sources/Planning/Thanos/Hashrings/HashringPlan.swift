import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// The hashring file of a global view: which rings, in which order, with which members; and what is held back and why.
struct HashringPlan {
    /// What the status says of one ring.
    struct Ring {
        var spec: HashringSpec
        var members: [Endpoint]
        /// How many receivers its StatefulSets want.
        var desired: Int
        var pending: [Membership.Pending]
    }

    /// A ring that is in the file though the specification does not have it there any more.
    struct Old {
        var name: String
        var members: [Endpoint]
        /// The ids that it stays for; none where it is the soft ring.
        var tenants: [String]
    }

    /// The rings of the specification.
    private(set) var rings: [Ring] = []
    /// The rings of before that have to stay for now.
    private(set) var old: [Old] = []
    /// The text to publish; nil where there is nothing yet that Thanos could use.
    private(set) var text: String?
    /// The file whose text that is, where it is new.
    private(set) var next: HashringFile?
    var diagnostics: [Diagnostic] = []
    var recheckAfter: Duration?
    /// Whether ``text`` is the text that is published already.
    private(set) var isUnchanged = false

    /// The ids on hard rings whose entries stay when their Tenants are deleted.
    private(set) var retained: [String] = []

    let view: ThanosView
    /// What is published now.
    let published: PublishedHashrings?

    init(_ view: ThanosView) {
        self.view = view
        published = view.published
        // First match wins in Thanos: the catch-all goes last, the others in the order in which they were written.
        let specs = Array((view.spec.hashrings ?? []).enumerated())
        for (index, spec) in specs.filter({ !$0.element.isSoft }) + specs.filter({ $0.element.isSoft }) {
            rings.append(decide(spec, at: "spec.thanos.hashrings[\(index)]"))
        }
        publish(file())
        if let published, let editor = published.editor, text != published.found {
            diagnostics.insert(
                .warning(
                    view.about, nil, "HashringEdited",
                    "ConfigMap \"\(view.resource.hashringConfigMapName)\" was changed by \"\(editor)\" and is written again; "
                        + "change the GlobalView instead"), at: 0)
        }
    }

    /// When the file last changed, as the status says or will say; nil where there is none.
    var changedAt: Timestamp? {
        guard text != nil else { return nil }
        return isUnchanged ? view.publishedAt : view.snapshot.now
    }

    // MARK: - Hashrings and tenants

    /// The file with the rings that have members, and with those of before that somebody is still on.
    private mutating func file() -> HashringFile {
        var standing = HashringSeats.Rings()
        for ring in rings {
            let isServing = !ring.members.isEmpty
            if ring.spec.isSoft {
                standing.hasSoft = true
                standing.softIsServing = isServing
            } else {
                standing.hard.insert(ring.spec.name)
                if isServing { standing.serving.insert(ring.spec.name) }
            }
        }
        let tenants = HashringSeats(on: standing, after: published, of: view)
        let before = published?.file?.rings ?? []
        let oldSoft = tenants.needOldSoftRing ? before.last { $0.isCatchAll && !$0.endpoints.isEmpty } : nil
        var entries: [HashringEntries] = []
        for ring in rings where !ring.spec.isSoft && ring.spec.name != oldSoft?.ringName {
            let seats = tenants.seats[ring.spec.name] ?? []
            guard !ring.members.isEmpty else { continue }
            entries.append(self.entries(ring.spec.name, seats, ring.members, ShuffleSharding(ring.spec)))
        }
        var seen = standing.hard
        for ring in before where !ring.isCatchAll && seen.insert(ring.ringName).inserted {
            // The same ring as the soft one serves its tenants as well.
            guard let seats = tenants.seats[ring.ringName], !standing.softIsServing || !isSoft(ring.ringName) else {
                continue
            }
            old.append(Old(name: ring.ringName, members: ring.endpoints, tenants: seats.map(\.id).sorted()))
            entries.append(self.entries(ring.ringName, seats, ring.endpoints, ring.shuffleSharding))
        }
        if let soft = rings.first(where: { $0.spec.isSoft }), !soft.members.isEmpty {
            let seats = tenants.softSeats(on: soft.spec)
            entries.append(self.entries(soft.spec.name, seats, soft.members, ShuffleSharding(soft.spec), isSoft: true))
        } else if let oldSoft {
            let members = rings.first { $0.spec.name == oldSoft.ringName }?.members ?? []
            old.append(Old(name: oldSoft.ringName, members: oldSoft.endpoints, tenants: []))
            entries.append(
                self.entries(
                    oldSoft.ringName, HashringSeat.seats(in: oldSoft), members.isEmpty ? oldSoft.endpoints : members,
                    oldSoft.shuffleSharding, isSoft: true))
        }
        retained = tenants.retained(in: entries)
        return HashringEntries.file(entries)
    }

    private func isSoft(_ ring: String) -> Bool { rings.contains { $0.spec.isSoft && $0.spec.name == ring } }

    private func entries(
        _ name: String, _ seats: [HashringSeat], _ members: [Endpoint], _ sharding: ShuffleSharding?,
        isSoft: Bool = false
    ) -> HashringEntries {
        var template = Hashring(
            name: name, endpoints: members, algorithm: Algorithm(rawValue: view.spec.effectiveAlgorithm),
            shuffleSharding: sharding)
        template.shuffleSharding?.overrides = []
        return HashringEntries(
            like: template, seats: seats, isSoft: isSoft, replicationFactor: view.spec.effectiveReplicationFactor)
    }

    // MARK: - Publishing

    /// Takes the new text if Thanos would live with it, else the old one.
    private mutating func publish(_ file: HashringFile) {
        text = published?.text
        isUnchanged = published != nil
        guard !file.rings.isEmpty else { return }
        let findings = file.validate(
            replicationFactor: view.spec.effectiveReplicationFactor, defaultAlgorithm: .ketama,
            previous: published?.text)
        let errors = findings.filter { $0.severity == .error }
        // More copies were asked for, and receivers for them are on their way.
        let isGrowing = rings.contains {
            $0.spec.isManaged && $0.members.count < view.spec.effectiveReplicationFactor && !$0.pending.isEmpty
        }
        for finding in errors {
            diagnostics.append(
                Diagnostic(
                    severity: isGrowing ? .warning : .error, about: view.about,
                    field: FieldPath("spec.thanos.hashrings"),
                    reason: isGrowing ? "HashringWaiting" : "HashringInvalid", message: finding.message))
        }
        guard errors.isEmpty else { return }
        let new = file.encoded()
        isUnchanged = new == published?.text
        if !isUnchanged { next = file }
        text = new
    }

    /// The hashes of the files since the last one that named a receiver which the new one does not name: whoever has read
    /// one of them sends nothing to receivers that have left. Oldest first. Noted where Tributary runs receivers, since who
    /// runs them waits for it before he removes one.
    var equivalentHashes: [UInt64] {
        let isNoted = published?.equivalentHashes.isEmpty == false
        guard isNoted || (view.spec.hashrings ?? []).contains(where: \.isManaged) else { return [] }
        guard let next, let text else { return published?.equivalentHashes ?? [] }
        let addresses = { (file: HashringFile?) in Set((file?.rings ?? []).flatMap { $0.endpoints.map(\.address) }) }
        let hash = HashringFile.configHash(of: text)
        guard let published, published.file != nil, addresses(published.file).isSubset(of: addresses(next)) else {
            return [hash]
        }
        let before = published.equivalentHashes
        let known = before.isEmpty ? [published.hash] : before
        return (known.filter { $0 != hash } + [hash]).suffix(PublishedHashrings.mostHashes)
    }
}
