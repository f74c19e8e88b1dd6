import Testing

@testable import Hashring

/// What holds for members whatever happens, in whatever order.
///
/// A failure names its seed: `MembershipRun(seed:)` with that number sees it again.
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

    @Test func `no order of events makes a ring that receivers could not use, nor a change without a cause`() throws {
        let changes = try runs { try $0.play(40) }
        #expect(changes > 600)
    }

    @Test func `once nothing happens any more, the members are those that are wanted and ready`() throws {
        _ = try runs { run in
            try run.play(40)
            try run.settle(allReady: run.seed % 2 == 0)
        }
    }

    @Test func `receivers that come back in time change nothing`() throws {
        _ = try runs { run in
            try run.play(20)
            try run.flap()
        }
    }
}
