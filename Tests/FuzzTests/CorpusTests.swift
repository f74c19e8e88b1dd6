import FuzzTargets
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// What fuzzers have found, and what they start from: no bytes from outside end the process.
@Suite("Bytes that fuzzers found") struct CorpusTests {
    @Test(arguments: FuzzTarget.all.map(\.name))
    func `Bytes that fuzzers found are read or refused`(name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let files = try Checkout.list("Tests/Fixtures/fuzz/\(name)")
        #expect(!files.isEmpty, "make fuzz needs something to start from")
        for path in files {
            let bytes = try Self.bytes("\(Checkout.root)/\(path)")
            target.run(bytes)
            // What is cut off or damaged is read as well.
            for end in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 50)) {
                target.run(Array(bytes[..<end]))
            }
            var numbers = SeededNumbers(seed: 1)
            for _ in 0..<50 where !bytes.isEmpty {
                var damaged = bytes
                for _ in 0..<3 {
                    damaged[Int.random(in: 0..<bytes.count, using: &numbers)] = UInt8.random(
                        in: 0...255, using: &numbers)
                }
                target.run(damaged)
            }
        }
    }

    private static func bytes(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[0..<count] }
        return bytes
    }
}
