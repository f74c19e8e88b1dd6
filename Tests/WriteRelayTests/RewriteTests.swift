import Testing

@testable import WriteRelay

@Suite("Forcing the tenant label on writes") struct RewriteTests {
    private static let label = TenantLabel(name: "tenant", id: "a")

    private static func first(_ message: [UInt8], limit: Int = 1 << 20) throws -> [Message.Series] {
        try Message.first(label.forced(on: message, .first, limit: limit).bytes)
    }

    private static func second(_ message: [UInt8], limit: Int = 1 << 20) throws -> [Message.Series] {
        try Message.second(label.forced(on: message, .second, limit: limit).bytes)
    }

    private static func fault(_ message: [UInt8], _ version: RemoteWriteVersion = .first) -> RewriteFault? {
        do {
            _ = try label.forced(on: message, version, limit: 1 << 20)
            return nil
        } catch {
            return error
        }
    }

    private static func isMalformed(_ message: [UInt8], _ version: RemoteWriteVersion = .first) -> Bool {
        if case .malformed = fault(message, version) { true } else { false }
    }

    // MARK: - The first version

    @Test(arguments: [
        ([("__name__", "up"), ("tenant", "b")], ["__name__=up", "tenant=a"]),
        ([("__name__", "up")], ["__name__=up", "tenant=a"]),
        ([("__name__", "up"), ("zone", "z")], ["__name__=up", "tenant=a", "zone=z"]),
        ([("tenant", "b"), ("tenant", "c"), ("a", "x"), ("tenant", "")], ["a=x", "tenant=a"]),
        ([("Tenant", "b"), ("tenan", "b"), ("tenant_", "b")], ["Tenant=b", "tenan=b", "tenant=a", "tenant_=b"]),
        ([("", "b"), ("x", "")], ["=b", "tenant=a", "x="]),
        ([("z", "1"), ("a", "2")], ["tenant=a", "z=1", "a=2"]),
        ([], ["tenant=a"]),
    ])
    func `Every label of the name is replaced by one with the id at its place`(
        labels: [(String, String)], expected: [String]
    ) throws {
        let read = try Self.first(Message.series(labels))
        #expect(read.map { $0.labels.map(\.description) } == [expected])
    }

    @Test func `A label is the tenant's whichever way its message says so`() throws {
        let name = Message.field(1, "tenant")
        let value = Message.field(2, "b")
        let labels: [[UInt8]] = [
            value + name, Message.field(1, "x") + name + value, name + value + Message.field(2, "c"),
            name, name + Message.field(9, "x") + value, name + Message.number(9, 1) + value,
            // A key and a length that are longer than they have to be.
            [0x8A, 0x80, 0] + [0x86, 0x80, 0] + Array("tenant".utf8) + value,
        ]
        for label in labels {
            let read = try Self.first(Message.field(1, Message.field(1, label)))
            #expect(read.map { $0.labels.map(\.description) } == [["tenant=a"]], "\(label)")
        }
        let other = Message.field(1, Message.field(1, name + value + Message.field(1, "x")))
        #expect(try Self.first(other).map { $0.labels.map(\.description) } == [["tenant=a", "x=b"]])
        // The key of the label itself, longer than it has to be.
        let long = Message.field(1, [0x8A, 0] + Message.varint(UInt64((name + value).count)) + name + value)
        #expect(try Self.first(long).map { $0.labels.map(\.description) } == [["tenant=a"]])
    }

    @Test func `A name that is no UTF-8 is compared by its bytes`() throws {
        let name: [UInt8] = Array("tenant".utf8) + [0xFF]
        let label = Message.field(1, Message.field(1, name) + Message.field(2, "b"))
        let read = try Self.first(Message.field(1, label))
        #expect(read.map { $0.labels.map(\.name) } == [[Array("tenant".utf8), name]])
    }

    @Test func `Samples, exemplars, histograms and fields of later versions stay byte for byte`() throws {
        let rest =
            Message.field(2, [9, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0x10, 1])
            + Message.field(3, Message.label("tenant", "b")) + Message.field(4, [1, 2, 3]) + Message.number(7, 300)
            + Message.varint(8 << 3 | 1) + [1, 2, 3, 4, 5, 6, 7, 8] + Message.varint(9 << 3 | 5) + [1, 2, 3, 4]
        let between = Message.field(1, rest + Message.label("tenant", "b") + rest)
        #expect(try Self.first(between).map(\.rest) == [rest + rest])
    }

    @Test func `Only series of a request are sent on`() throws {
        let series = Message.series([("__name__", "up")])
        let second = Message.field(4, "tenant") + Message.field(5, Message.field(1, [0, 0]))
        let message = Message.field(3, "metadata") + series + second + Message.number(2, 1) + series
        #expect(try Self.first(message).count == 2)
        #expect(try Self.first(Message.field(3, "metadata")).isEmpty)
        #expect(try Self.first([]).isEmpty)
        // A server that reads another version than the content type says finds nothing.
        #expect(try Self.second(Message.field(4, "") + series).isEmpty)
    }

    @Test func `A message that a server could read in another way is refused`() {
        let label = Message.label("tenant", "b")
        let long = [UInt8](repeating: 0xFF, count: 10)
        let messages: [[UInt8]] = [
            [0x0A], [0x0A, 5, 1], [0x0A, 0xFF], [0x80], long, [0x0A] + long + [1], [0x0A] + long.dropLast() + [1],
            // Field number 0, and one that a decoder of 32 bits takes as 1.
            [0x02, 0], Message.varint(0x1_0000_0001 << 3 | 2) + Message.varint(UInt64(label.count)) + label,
            Message.field(1 << 29, []),
            // Groups, and wire types that do not exist.
            [0x0B, 0x0C], [0x0C], [0x0E], [0x0F], Message.field(1, [0x0B, 0x0C]), Message.field(1, [0x53, 0x54]),
            // A series, a label, a name that are no bytes.
            Message.number(1, 1), Message.field(1, Message.number(1, 1)),
            Message.field(1, Message.field(1, Message.number(1, 1))),
            Message.field(1, Message.field(1, Message.field(1, "x") + Message.number(2, 1))),
            // Ends within.
            Message.field(1, Message.varint(1 << 3 | 2) + [100] + label), Message.field(1, [0x11, 1, 2]),
            Message.field(1, [0x15, 1, 2]), Message.field(1, label + [0x80]),
        ]
        for message in messages { #expect(Self.isMalformed(message), "\(message)") }
    }

    // MARK: - The second version

    private static let symbols = ["", "__name__", "up", "tenant", "b", "zone", "z"]
    private static let table = symbols.flatMap { Message.field(4, $0) }

    @Test(
        arguments: [
            ([1, 2, 3, 4], ["__name__=up", "tenant=a"]), ([1, 2], ["__name__=up", "tenant=a"]),
            ([1, 2, 5, 6], ["__name__=up", "tenant=a", "zone=z"]), ([3, 4, 5, 6, 3, 0], ["tenant=a", "zone=z"]),
            ([0, 3], ["=tenant", "tenant=a"]), ([], ["tenant=a"]),
        ] as [([UInt8], [String])])
    func `References to the name are replaced, packed or not, whichever place the symbols have`(
        references: [UInt8], expected: [String]
    ) throws {
        let packed = Message.field(5, Message.field(1, references))
        let single = Message.field(5, references.flatMap { Message.number(1, UInt64($0)) })
        let half = references.count / 2
        let mixed = Message.field(
            5,
            Message.field(1, Array(references[..<half])) + Message.field(2, [1])
                + references[half...].flatMap { Message.number(1, UInt64($0)) })
        for series in [packed, single, mixed] {
            for message in [Self.table + series, series + Self.table] {
                let read = try Self.second(message)
                #expect(read.map { $0.labels.map(\.description) } == [expected], "\(message)")
            }
        }
        #expect(try Self.second(Self.table + mixed).map(\.rest) == [Message.field(2, [1])])
    }

    @Test func `A name that stands in the symbols several times is replaced wherever a series refers to it`() throws {
        let symbols = Self.table + Message.field(4, "tenant") + Message.field(4, "tenant")
        let read = try Self.second(symbols + Message.field(5, Message.field(1, [7, 4, 8, 4, 1, 2, 0x87, 0, 4])))
        #expect(read.map { $0.labels.map(\.description) } == [["__name__=up", "tenant=a"]])
    }

    @Test func `Only symbols and series of a second request are sent on`() throws {
        let hidden = Message.series([("__name__", "up"), ("tenant", "b")])
        let message = hidden + Self.table + Message.field(5, Message.field(1, [1, 2])) + Message.number(9, 1)
        #expect(try Self.second(message).count == 1)
        let bytes = try Self.label.forced(on: message, .second, limit: 1 << 20).bytes
        #expect(try Self.label.forced(on: bytes, .first, limit: 1 << 20).series == 0)
    }

    @Test func `A second request that refers to nothing is refused`() {
        let series: [[UInt8]] = [
            [7, 4], [1], [1, 2, 3], [1, 9], [0x80], [0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 0],
            Message.varint(0x1_0000_0003) + [4],
        ]
        for references in series {
            let message = Self.table + Message.field(5, Message.field(1, references))
            #expect(Self.isMalformed(message, .second), "\(references)")
        }
        let others: [[UInt8]] = [
            Message.number(4, 1), Message.number(5, 1), Self.table + Message.field(5, [0x0D, 1, 2, 3, 4]),
            Self.table + Message.field(5, Message.number(1, 1)), Message.field(5, Message.field(1, [0, 0])),
        ]
        for message in others { #expect(Self.isMalformed(message, .second), "\(message)") }
    }

    // MARK: - Sizes

    @Test func `A small message cannot become a huge one`() throws {
        let label = TenantLabel(name: "tenant", id: String(repeating: "i", count: 150))
        let series = [UInt8]((0..<10_000).flatMap { _ in [0x0A, 0] as [UInt8] })
        let second = [UInt8]((0..<10_000).flatMap { _ in [0x2A, 0] as [UInt8] })
        #expect(throws: RewriteFault.tooLong(100_000)) { try label.forced(on: series, .first, limit: 100_000) }
        #expect(throws: RewriteFault.tooLong(30_000)) { try label.forced(on: second, .second, limit: 30_000) }
        #expect(try label.forced(on: series, .first, limit: 2_000_000).series == 10_000)
    }
}
