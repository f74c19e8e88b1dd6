import Kube
import Testing

@testable import Operator

@Suite("Spare memory") struct SpareMemoryKeeperTests {
    @Test
    func `Memory is given back after a hundred reconciled custom resources, then after each thousand, if none waits`() {
        let depth = Locked(1)
        let trims = Locked(0)
        let keeper = SpareMemoryKeeper(depth: { depth.withLock { $0 } }, trim: { trims.withLock { $0 += 1 } })
        for _ in 0..<150 { keeper.hasWorked() }
        #expect(trims.withLock { $0 } == 0)
        depth.withLock { $0 = 0 }
        keeper.hasWorked()
        #expect(trims.withLock { $0 } == 1)
        for _ in 0..<999 { keeper.hasWorked() }
        #expect(trims.withLock { $0 } == 1)
        keeper.hasWorked()
        #expect(trims.withLock { $0 } == 2)
    }
}
