import Testing

@testable import Hashring

/// Invariants of membership for random sequences of events.
///
/// A failure names its seed: `MembershipRun(seed:)` with that number reproduces it.
@Suite("Membership through random events")
struct MembershipRunTests {
    private static let seeds: Range<UInt64> = 1..<301

    private func runs(_ body: (inout MembershipRun) throws -> Void) throws -> Int {
        var changes = 0
        for seed in Self.seeds {
            var run = MembershipRun(seed: seed)
            try body(&run)
            changes += run.changes
        }
        return changes
    }

    @Test func `No order of events makes a hashring that receivers cannot use, or a change without a cause`() throws {
        let changes = try runs { try $0.play(40) }
        #expect(changes > 600)
    }

    @Test func `Once nothing changes, the members are the wanted and ready receivers`() throws {
        _ = try runs { run in
            try run.play(40)
            try run.settle(allReady: run.seed % 2 == 0)
        }
    }

    @Test func `Receivers that come back in time change nothing`() throws {
        _ = try runs { run in
            try run.play(20)
            try run.flap()
        }
    }
}
