import TestSupport
import Testing

@testable import WriteRelay

@Suite("Forcing the tenant label on any write") struct RewritePropertyTests {
    private static let names = ["", "__name__", "a", "job", "tenan", "tenant", "tenant", "tenant_", "zone", "Ünï"]
    private static let label = TenantLabel(name: "tenant", id: "acme")

    private static func randomSeries(_ numbers: inout SeededNumbers) -> (labels: [(String, String)], rest: [UInt8]) {
        let labels = (0..<Int.random(in: 0...6, using: &numbers)).map { _ in
            (names.randomElement(using: &numbers) ?? "", names.randomElement(using: &numbers) ?? "")
        }
        let rest = (0..<Int.random(in: 0...3, using: &numbers)).flatMap { _ in
            let bytes = (0..<Int.random(in: 0...200, using: &numbers)).map { _ in
                UInt8.random(in: 0...255, using: &numbers)
            }
            return Message.field(UInt64.random(in: 2...6, using: &numbers), bytes)
        }
        return (labels, rest)
    }

    /// Whether a series has the label once, all of its other labels in their order, and the same data.
    private static func check(_ read: [Message.Series], of sent: [(labels: [(String, String)], rest: [UInt8])]) {
        #expect(read.count == sent.count)
        for (read, sent) in zip(read, sent) {
            let others = sent.labels.map { Message.Label($0.0, $0.1) }.filter { $0.name != label.name }
            #expect(read.labels.filter { $0.name == label.name } == [Message.Label("tenant", "acme")])
            #expect(read.labels.filter { $0.name != label.name } == others)
            #expect(read.rest == sent.rest)
            if zip(others, others.dropFirst()).allSatisfy({ !$1.name.lexicographicallyPrecedes($0.name) }) {
                let names = read.labels.map(\.name)
                #expect(zip(names, names.dropFirst()).allSatisfy { !$1.lexicographicallyPrecedes($0) })
            }
        }
    }

    @Test(arguments: 0..<60)
    func `Every series of a forced write has exactly the forced label, and otherwise the same data`(seed: UInt64) throws
    {
        var numbers = SeededNumbers(seed: seed)
        let sent = (0..<Int.random(in: 0...20, using: &numbers)).map { _ in Self.randomSeries(&numbers) }
        let first = sent.flatMap { Message.series($0.labels, $0.rest) }
        let rewritten = try Self.label.forced(on: first, .first, limit: 1 << 20)
        Self.check(try Message.first(rewritten.bytes), of: sent)
        // A second time changes nothing.
        #expect(try Self.label.forced(on: rewritten.bytes, .first, limit: 1 << 20).bytes == rewritten.bytes)

        let symbols = [""] + Self.names.shuffled(using: &numbers)
        let series = sent.map { labels, rest in
            let references = labels.flatMap { name, value in
                [name, value].map { UInt64(symbols.lastIndex(of: $0) ?? 0) }
            }
            let isPacked = Bool.random(using: &numbers)
            let encoded =
                isPacked
                ? Message.field(1, references.flatMap(Message.varint)) : references.flatMap { Message.number(1, $0) }
            return Message.field(5, Bool.random(using: &numbers) ? encoded + rest : rest + encoded)
        }
        let second = (symbols.map { Message.field(4, $0) } + series).shuffledKeeping(symbols.count, &numbers)
        Self.check(
            try Message.second(Self.label.forced(on: Array(second.joined()), .second, limit: 1 << 20).bytes), of: sent)
    }

    @Test(arguments: 0..<40)
    func `A damaged write is refused, or has the forced label once on every series`(seed: UInt64) throws {
        var numbers = SeededNumbers(seed: seed)
        for _ in 0..<50 {
            let sent = (0..<4).map { _ in Self.randomSeries(&numbers) }
            var message = sent.flatMap { Message.series($0.labels, $0.rest) }
            for _ in 0..<Int.random(in: 1...4, using: &numbers) where !message.isEmpty {
                let index = Int.random(in: 0..<message.count, using: &numbers)
                switch Int.random(in: 0...2, using: &numbers) {
                case 0: message[index] = UInt8.random(in: 0...255, using: &numbers)
                case 1: message.remove(at: index)
                default: message.insert(UInt8.random(in: 0...255, using: &numbers), at: index)
                }
            }
            for version in [RemoteWriteVersion.first, .second] {
                guard let result = try? Self.label.forced(on: message, version, limit: 1 << 20) else { continue }
                let read =
                    version == .first ? try Message.first(result.bytes) : try Message.second(result.bytes)
                #expect(
                    read.allSatisfy { series in
                        series.labels.filter { $0.name == Self.label.name } == [Message.Label("tenant", "acme")]
                    })
            }
        }
    }
}

extension [[UInt8]] {
    /// The parts in another order, in which the first ones stay in order among each other, and so do the others.
    fileprivate func shuffledKeeping(_ count: Int, _ numbers: inout SeededNumbers) -> [[UInt8]] {
        var (first, second, result) = (self[..<count], self[count...], [[UInt8]]())
        while !first.isEmpty || !second.isEmpty {
            let takesFirst = second.isEmpty || !first.isEmpty && Bool.random(using: &numbers)
            result += [takesFirst ? first.removeFirst() : second.removeFirst()]
        }
        return result
    }
}
