import TestSupport
import Testing

@testable import WriteRelay

@Suite("Snappy's block format") struct SnappyTests {
    private static func decoded(_ bytes: [UInt8]) -> [UInt8]? {
        bytes.withUnsafeBytes { bytes in
            SnappyBlock.size(of: bytes).flatMap { $0 < 1 << 20 ? SnappyBlock.decompressed(bytes, size: $0) : nil }
        }
    }

    @Test func `What Snappy has compressed is the same after it is decompressed`() {
        var numbers = SeededNumbers(seed: 1)
        for count in [0, 1, 2, 60, 61, 1000, 70_000] {
            let random = (0..<count).map { _ in UInt8.random(in: 0...255, using: &numbers) }
            #expect(Self.decoded(SnappyBlock.compressed(random)) == random)
            let same = [UInt8](repeating: 7, count: count)
            #expect(Self.decoded(SnappyBlock.compressed(same)) == same)
            if count > 1000 { #expect(SnappyBlock.compressed(same).count < count / 10) }
        }
    }

    @Test(
        arguments: [
            [], [0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], [5], [1, 0], [1, 4, 1, 2],
            [2, 0, 1],
            [4, 0, 1, 1, 0], [4, 0, 1, 1, 2], [4, 0, 1, 2, 0, 0], [4, 0, 1, 3, 1, 0, 0, 0xFF], [1, 0xF0],
            [1, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF], [3, 0, 1, 1, 1],
        ] as [[UInt8]])
    func `What is not valid in Snappy's block format is refused`(bytes: [UInt8]) { #expect(Self.decoded(bytes) == nil) }

    @Test func `The size of a decompressed block is known before any memory is taken for it`() {
        let claim: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 1]
        #expect(claim.withUnsafeBytes { SnappyBlock.size(of: $0) } == 0xFFFF_FFFF)
    }
}
