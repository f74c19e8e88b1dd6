import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// The hashring file of a global view: its hashrings with their members, in order, and what is held back and why.
struct HashringPlan {
    /// One hashring of the specification.
    struct Wanted {
        var spec: HashringSpec
        var members: [Endpoint]
        /// The number of receivers that its StatefulSets want.
        var desired: Int
        var pending: [Membership.Pending]
    }

    /// A hashring that stays in the file although the specification no longer has it there.
    struct Former {
        var name: String
        var members: [Endpoint]
        /// The ids for which it stays; empty for the soft hashring.
        var tenants: [String]
    }

    /// The hashrings of the specification.
    private(set) var hashrings: [Wanted] = []
    /// Former hashrings that have to stay for now.
    private(set) var former: [Former] = []
    /// The text to publish; nil if there is nothing yet that Thanos could use.
    private(set) var text: String?
    /// The hash of ``text``, as receivers report it. It is found once, and only for a new text: a file with thousands of
    /// tenants is large.
    private(set) var hash: UInt64?
    /// The file of ``text``, if it is new.
    private(set) var next: HashringFile?
    var diagnostics: [Diagnostic] = []
    var recheckAfter: Duration?
    /// Whether ``text`` is already published.
    private(set) var isUnchanged = false

    /// The ids on hard hashrings whose entries stay when their Tenants are deleted.
    private(set) var retained: [String] = []

    /// The changes of members that an annotation has let happen.
    var usedMoves: Set<String> = []

    let view: ThanosView
    /// The file that is published now.
    let published: PublishedHashrings?

    init(_ view: ThanosView) {
        self.view = view
        published = view.published
        // Thanos takes the first match: the catch-all goes last, the others keep the order of the specification.
        let specs = Array((view.spec.hashrings ?? []).enumerated())
        for (index, spec) in specs.filter({ !$0.element.isSoft }) + specs.filter({ $0.element.isSoft }) {
            hashrings.append(decide(spec, at: "spec.thanos.hashrings[\(index)]"))
        }
        publish(file())
        if let published, let editor = published.editor, text != published.found {
            let map = "ConfigMap \"\(view.resource.hashringConfigMapName)\""
            let (reason, message) =
                published.isForeign
                ? ("HashringTakenOver", "\(map) has a file of \"\(editor)\", which is being replaced by this view's")
                : (
                    "HashringEdited",
                    "\(map) was changed by \"\(editor)\" and is being restored; change the GlobalView instead"
                )
            diagnostics.insert(.happened(view.about, nil, reason, message), at: 0)
        }
    }

    /// When the file last changed, or now if it changes; nil if there is no file.
    var changedAt: Timestamp? {
        guard text != nil else { return nil }
        return isUnchanged ? view.publishedAt : view.snapshot.now
    }

    // MARK: - Hashrings and tenants

    /// The file with the hashrings that have members, and with the former hashrings that tenants are still on.
    private mutating func file() -> HashringFile {
        var candidates = HashringSeats.Candidates()
        for hashring in hashrings {
            let isServing = !hashring.members.isEmpty
            if hashring.spec.isSoft {
                candidates.hasSoft = true
                candidates.softIsServing = isServing
            } else {
                candidates.hard.insert(hashring.spec.name)
                if isServing { candidates.serving.insert(hashring.spec.name) }
            }
        }
        let tenants = HashringSeats(on: candidates, after: published, of: view)
        let before = published?.file?.rings ?? []
        let formerSoft = tenants.needsFormerSoftHashring ? before.last { $0.isCatchAll && !$0.endpoints.isEmpty } : nil
        var entries: [HashringEntries] = []
        for hashring in hashrings where !hashring.spec.isSoft && hashring.spec.name != formerSoft?.hashringName {
            let seats = tenants.seats[hashring.spec.name] ?? []
            guard !hashring.members.isEmpty else { continue }
            entries.append(self.entries(hashring.spec.name, seats, hashring.members, ShuffleSharding(hashring.spec)))
        }
        var seen = candidates.hard
        for entry in before where !entry.isCatchAll && seen.insert(entry.hashringName).inserted {
            // The same hashring, as the soft one, serves its tenants as well.
            guard let seats = tenants.seats[entry.hashringName],
                !candidates.softIsServing || !isSoft(entry.hashringName)
            else {
                continue
            }
            former.append(Former(name: entry.hashringName, members: entry.endpoints, tenants: seats.map(\.id).sorted()))
            entries.append(self.entries(entry.hashringName, seats, entry.endpoints, entry.shuffleSharding))
        }
        if let soft = hashrings.first(where: { $0.spec.isSoft }), !soft.members.isEmpty {
            let seats = tenants.softSeats(on: soft.spec)
            entries.append(self.entries(soft.spec.name, seats, soft.members, ShuffleSharding(soft.spec), isSoft: true))
        } else if let formerSoft {
            let members = hashrings.first { $0.spec.name == formerSoft.hashringName }?.members ?? []
            former.append(Former(name: formerSoft.hashringName, members: formerSoft.endpoints, tenants: []))
            entries.append(
                self.entries(
                    formerSoft.hashringName, HashringSeat.seats(in: formerSoft),
                    members.isEmpty ? formerSoft.endpoints : members,
                    formerSoft.shuffleSharding, isSoft: true))
        }
        retained = tenants.retained(in: entries)
        return HashringEntries.file(entries)
    }

    private func isSoft(_ hashring: String) -> Bool {
        hashrings.contains { $0.spec.isSoft && $0.spec.name == hashring }
    }

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

    /// Takes the new text if Thanos accepts it, and keeps the old text otherwise.
    private mutating func publish(_ file: HashringFile) {
        text = published?.text
        hash = published?.hash
        isUnchanged = published != nil
        guard !file.rings.isEmpty else { return }
        let findings = file.validate(
            replicationFactor: view.spec.effectiveReplicationFactor, defaultAlgorithm: .ketama,
            previous: published?.text)
        let errors = findings.filter { $0.severity == .error }
        // The replication factor was raised, and the receivers for it are still starting.
        let isGrowing = hashrings.contains {
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
        guard !isUnchanged else { return }
        next = file
        text = new
        hash = HashringFile.configHash(of: new)
    }

    /// The hashes of the files since the last one that named a receiver which the new file does not name, oldest first.
    /// A receiver that has read any of them sends nothing to receivers that have left. They are recorded if Tributary
    /// runs receivers, since it waits for them before it removes a receiver.
    var equivalentHashes: [UInt64] {
        let isNoted = published?.equivalentHashes.isEmpty == false
        guard isNoted || (view.spec.hashrings ?? []).contains(where: \.isManaged) else { return [] }
        guard let next, let hash else { return published?.equivalentHashes ?? [] }
        let addresses = { (file: HashringFile?) in Set((file?.rings ?? []).flatMap { $0.endpoints.map(\.address) }) }
        guard let published, published.file != nil, addresses(published.file).isSubset(of: addresses(next)) else {
            return [hash]
        }
        let before = published.equivalentHashes
        let known = before.isEmpty ? [published.hash] : before
        return (known.filter { $0 != hash } + [hash]).suffix(PublishedHashrings.mostHashes)
    }
}
