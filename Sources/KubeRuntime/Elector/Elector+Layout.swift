import Kube
import Logging

// Leading only while no process of another layout does: see ``LeaseLayout``.
extension Elector {
    /// Waits for the lease while no lease of another layout is held; returns false if the process is to stop.
    func acquireInLayout(_ layout: LeaseLayout) async -> Bool {
        var others = OtherLayouts(than: layout.name)
        while true {
            guard await waitForOthers(layout, &others), await acquire() else { return false }
            let holders = await look(at: layout, &others)
            if holders.isEmpty { return true }
            logger.info("lets go of the lease, since a process of another layout leads", metadata: Self.shown(holders))
            await release()
            begin()
            await pause(timing.retry * (1 + time.random()))
        }
    }

    private func waitForOthers(_ layout: LeaseLayout, _ others: inout OtherLayouts) async -> Bool {
        var told: Set<ObjectKey> = []
        while !Task.isCancelled, !isShutDown {
            let holders = await look(at: layout, &others)
            if holders.isEmpty { return true }
            if told != Set(holders.keys) {
                told = Set(holders.keys)
                logger.info("waits for processes of another layout", metadata: Self.shown(holders))
            }
            await pause(timing.retry)
        }
        return false
    }

    private func look(at layout: LeaseLayout, _ others: inout OtherLayouts) async -> [ObjectKey: String] {
        let found = await concurrently(layout.leases, atMost: layout.leases.count) { await self.look(at: $0) }
        let looks = Dictionary(zip(layout.leases, found)) { first, _ in first }
        return others.saw(looks, now: time.now())
    }

    private func look(at lease: ObjectKey) async -> OtherLayouts.Look {
        do {
            return try await withTimeout(timing.callTimeout, time) { [api] in
                do {
                    return .record(LeaseRecord(try await api.get(.leases, lease)))
                } catch let status as APIStatus where status.isNotFound {
                    return .none
                }
            }
        } catch {
            return .unknown("\(error)")
        }
    }

    private static func shown(_ holders: [ObjectKey: String]) -> Logger.Metadata {
        ["leases": "\(holders.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))"]
    }
}
