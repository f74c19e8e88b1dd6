import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// The tenants on each hard hashring of the file.
///
/// A tenant moves to the hashring that it names once that hashring can serve it. Until then it stays on the hashring
/// that has served it, even if the specification no longer has that hashring.
struct HashringSeats {
    /// The hashrings that the file could have now.
    struct Candidates {
        /// The names of the hard hashrings of the specification.
        var hard: Set<String> = []
        /// The hard hashrings with members.
        var serving: Set<String> = []
        /// Whether the specification has a soft hashring, and whether that has members.
        var hasSoft = false
        var softIsServing = false
    }

    /// The tenants on each hard hashring, by its name, including those that stay on former hashrings.
    private(set) var seats: [String: [HashringSeat]] = [:]
    /// Whether tenants would not be served if the former soft hashring were removed now.
    private(set) var needsFormerSoftHashring = false

    private let published: PublishedHashrings?
    private let view: ThanosView

    init(on candidates: Candidates, after published: PublishedHashrings?, of view: ThanosView) {
        self.published = published
        self.view = view
        var placed: Set<String> = []
        for name in candidates.serving {
            let own = view.served(on: name).map { HashringSeat($0) }
            seats[name] = own
            placed.formUnion(own.map(\.id))
        }
        let old = published?.file?.rings ?? []
        let hadSoft = old.contains { $0.isCatchAll }
        for entry in old where !entry.isCatchAll {
            for seat in HashringSeat.seats(in: entry)
            where !placed.contains(seat.id) && stays(seat.id, entry.hashringName, candidates, hadSoft) {
                seats[entry.hashringName, default: []].append(seat)
                placed.insert(seat.id)
            }
        }
        guard hadSoft, !candidates.softIsServing else { return }
        needsFormerSoftHashring =
            candidates.hasSoft
            || view.hasTenant(besides: placed)
    }

    /// Whether an id stays on the hashring that has served it, given that no serving hashring has a tenant with this
    /// id.
    private func stays(
        _ id: String, _ hashring: String, _ candidates: Candidates, _ hadSoft: Bool
    ) -> Bool {
        guard let tenant = view.tenant(withID: id) else {
            // A hashring that is removed from the specification takes the entries of deleted tenants with it.
            return published?.retained.contains(id) == true && candidates.hard.contains(hashring)
        }
        // A tenant that has become invalid keeps writing to its hashring.
        if !view.serves(tenant) { return true }
        guard let wanted = tenant.spec.hashring, candidates.hard.contains(wanted) else {
            return candidates.hasSoft && !candidates.softIsServing && !hadSoft
        }
        return !candidates.serving.contains(wanted)
    }

    /// The tenants that the file mentions on the soft hashring: those with shard sizes of their own.
    func softSeats(on hashring: HashringSpec) -> [HashringSeat] {
        var seats = view.servedWithShards(onSoft: hashring).map { HashringSeat($0) }
        let ids = Set(seats.map(\.id))
        let before = published?.file?.rings.first { $0.isCatchAll && $0.hashringName == hashring.name }
        for seat in before.map(HashringSeat.seats) ?? [] where !ids.contains(seat.id) {
            if let tenant = view.tenant(withID: seat.id) {
                if !view.serves(tenant) { seats.append(seat) }
            } else if published?.retained.contains(seat.id) == true {
                seats.append(seat)
            }
        }
        return seats
    }

    /// The ids whose entries stay when their Tenants are deleted, in the order of the entries, sorted in each.
    func retained(in entries: [HashringEntries]) -> [String] {
        entries.flatMap { hashring in
            hashring.seats.map(\.id).filter { id in
                view.tenant(withID: id)?.isRetained ?? true
            }
        }
    }
}
