import Hashring
import Kube
import PlanningInput
import TributaryAPI

/// Which tenants stand on which hard hashring of the file.
///
/// A tenant goes to the ring that it names once that ring can take it. Until then it stays on the ring that has served it,
/// though the specification may not have that ring any more.
struct HashringSeats {
    /// The rings that the file could have now.
    struct Rings {
        /// The names of the hard rings of the specification.
        var hard: Set<String> = []
        /// Those of them that have members.
        var serving: Set<String> = []
        /// Whether the specification has a soft ring, and whether that has members.
        var hasSoft = false
        var softIsServing = false
    }

    /// The tenants on each hard ring, by its name; those that stay on rings of before included.
    private(set) var seats: [String: [HashringSeat]] = [:]
    /// Whether somebody would be served by nobody if the soft ring of before went now.
    private(set) var needOldSoftRing = false

    private let published: PublishedHashrings?
    private let view: ThanosView

    init(on rings: Rings, after published: PublishedHashrings?, of view: ThanosView) {
        self.published = published
        self.view = view
        var placed: Set<String> = []
        for name in rings.serving {
            let own = view.served(on: name).map { HashringSeat($0) }
            seats[name] = own
            placed.formUnion(own.map(\.id))
        }
        let old = published?.file?.rings ?? []
        let hadSoft = old.contains { $0.isCatchAll }
        for ring in old where !ring.isCatchAll {
            for seat in HashringSeat.seats(in: ring)
            where !placed.contains(seat.id) && stays(seat.id, ring.ringName, rings, hadSoft) {
                seats[ring.ringName, default: []].append(seat)
                placed.insert(seat.id)
            }
        }
        guard hadSoft, !rings.softIsServing else { return }
        needOldSoftRing =
            rings.hasSoft
            || view.hasTenant(besides: placed)
    }

    /// Whether an id that a ring has had, and that no ring of its own has now, stays there.
    private func stays(
        _ id: String, _ ring: String, _ rings: Rings, _ hadSoft: Bool
    ) -> Bool {
        guard let tenant = view.tenant(withID: id) else {
            // A ring that is taken out of the specification takes the entries of tenants that are no more along.
            return published?.retained.contains(id) == true && rings.hard.contains(ring)
        }
        // A tenant that has become wrong goes on writing to where it wrote.
        if !view.serves(tenant) { return true }
        guard let wanted = tenant.spec.hashring, rings.hard.contains(wanted) else {
            return rings.hasSoft && !rings.softIsServing && !hadSoft
        }
        return !rings.serving.contains(wanted)
    }

    /// The tenants on the soft ring of which the file says something: those with shards of a size of their own.
    func softSeats(on ring: HashringSpec) -> [HashringSeat] {
        var seats = view.servedWithShards(onSoft: ring).map { HashringSeat($0) }
        let ids = Set(seats.map(\.id))
        let before = published?.file?.rings.first { $0.isCatchAll && $0.ringName == ring.name }
        for seat in before.map(HashringSeat.seats) ?? [] where !ids.contains(seat.id) {
            if let tenant = view.tenant(withID: seat.id) {
                if !view.serves(tenant) { seats.append(seat) }
            } else if published?.retained.contains(seat.id) == true {
                seats.append(seat)
            }
        }
        return seats
    }

    /// The ids whose entries stay when their Tenants are deleted, ring by ring, each sorted.
    func retained(in entries: [HashringEntries]) -> [String] {
        entries.flatMap { ring in
            ring.seats.map(\.id).filter { id in
                view.tenant(withID: id)?.isRetained ?? true
            }
        }
    }
}
