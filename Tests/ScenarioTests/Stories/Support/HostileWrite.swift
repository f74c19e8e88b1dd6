import Kube

/// A remote write of a tenant that tries to store series as tenant `b`.
struct HostileWrite: Sendable {
    /// The metric's name, also in the answers of a server.
    var name: String
    /// The message, not compressed.
    var message: [UInt8]
    /// Whether the message is one of remote write 2.0.
    var isSecond = false

    /// The headers of the request.
    var headers: [String] {
        [
            "Content-Encoding: snappy",
            "Content-Type: application/x-protobuf" + (isSecond ? ";proto=io.prometheus.write.v2.Request" : ""),
            "X-Prometheus-Remote-Write-Version: \(isSecond ? "2.0.0" : "0.1.0")",
        ]
    }

    /// A write of any message of remote write 1.0.
    init(name: String, message: [UInt8]) {
        self.name = name
        self.message = message
    }

    private typealias Label = (name: String, value: String)

    private init(_ name: String, _ labels: [Label], more: [UInt8] = [], beside: [UInt8] = [], isSampled: Bool = true) {
        self.name = name
        let all: [Label] = [("__name__", name)] + labels
        let sample = isSampled ? WriteRequest.field(2, Self.sample()) : []
        message = beside + WriteRequest.field(1, Self.pairs(all) + sample + more)
    }

    /// The writes for both versions of the protocol.
    static var all: [HostileWrite] { first + second }

    /// Remote write 1.0.
    private static var first: [HostileWrite] {
        let claim: Label = ("tenant", "b")
        return [
            HostileWrite("hostile_plain", [claim]),
            HostileWrite("hostile_absent", []),
            HostileWrite("hostile_empty", [("tenant", "")]),
            HostileWrite("hostile_twice", [claim, ("tenant", "c")]),
            HostileWrite("hostile_apart", [claim, ("x", "y"), ("tenant", "b")]),
            HostileWrite("hostile_unsorted", [("z", "y"), claim, ("a", "y")]),
            HostileWrite("hostile_case", [("Tenant", "b"), ("TENANT", "b"), claim]),
            HostileWrite("hostile_blank", [("tenant ", "b"), (" tenant", "b"), claim]),
            HostileWrite("hostile_control", [("tenant\0", "b"), ("\ttenant", "b"), claim]),
            // Prometheus 3 shows UTF-8 names to older readers with this escaping.
            HostileWrite("hostile_escaped", [("U__tenant", "b"), ("U__74_enant", "b"), claim]),
            HostileWrite("hostile_letters", [("te\u{301}nant", "b"), ("\u{442}enant", "b"), ("ten.ant", "b"), claim]),
            HostileWrite("hostile_inside", [("x", "y\",tenant=\"b"), ("y", "\u{FE}tenant\u{FE}b"), claim]),
            HostileWrite(
                "hostile_former", [("exported_tenant", "b"), ("__tenant", "b"), ("__tmp_tenant", "b"), claim]),
            HostileWrite("hostile_group", [("tenant", "$1"), ("x", "${1}b")]),
            HostileWrite("hostile_exemplar_total", [claim], more: exemplar),
            HostileWrite("hostile_metadata", [claim], beside: metadata),
            HostileWrite("hostile_histogram", [claim], more: histogram, isSampled: false),
            // Of two names of a label the last one counts.
            HostileWrite(
                "hostile_names", [],
                more: WriteRequest.field(
                    1, WriteRequest.field(1, Array("x".utf8)) + claimed)),
            // Keys of fields that are longer than they have to be, and one whose number Prometheus takes as 1 since it
            // reads 32 bits of it.
            HostileWrite("hostile_key", [], more: [0x8A, 0x80, 0] + Varint.bytes(of: UInt64(claimed.count)) + claimed),
            HostileWrite(
                "hostile_number", [],
                more: Varint.bytes(of: 0x1_0000_0001 << 3 | 2) + Varint.bytes(of: UInt64(claimed.count)) + claimed),
        ]
    }

    /// A label that claims the tenant.
    private static var claimed: [UInt8] {
        WriteRequest.field(1, Array("tenant".utf8)) + WriteRequest.field(2, Array("b".utf8))
    }

    /// Remote write 2.0, whose labels refer to a table of texts.
    private static var second: [HostileWrite] {
        let claim: Label = ("tenant", "b")
        let all: [(name: String, labels: [Label])] = [
            ("hostile_second", [claim]), ("hostile_second_twice", [claim, ("tenant", "c")]),
            ("hostile_second_absent", []),
            ("hostile_second_hidden", []),
        ]
        // A series of remote write 1.0, for a server that does not look at the content type.
        let hidden = HostileWrite("hostile_hidden", [claim]).message
        return all.map { name, labels in
            let texts = ["__name__", name] + labels.flatMap { [$0.name, $0.value] }
            let references = (1...texts.count).flatMap { Varint.bytes(of: UInt64($0)) }
            let series = WriteRequest.field(1, references) + WriteRequest.field(2, sample())
            var write = HostileWrite(name, [])
            write.message =
                ([""] + texts).flatMap { WriteRequest.field(4, Array($0.utf8)) }
                + WriteRequest.field(5, series) + (name == "hostile_second_hidden" ? hidden : [])
            write.isSecond = true
            return write
        }
    }

    private static func pairs(_ labels: [Label]) -> [UInt8] {
        labels.flatMap { label in
            WriteRequest.field(
                1, WriteRequest.field(1, Array(label.name.utf8)) + WriteRequest.field(2, Array(label.value.utf8)))
        }
    }

    private static let one: [UInt8] = [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
    private static var now: [UInt8] { Varint.bytes(of: WriteRequest.now) }
    private static func sample() -> [UInt8] { [0x09] + one + [0x10] + now }

    /// An exemplar whose own label claims the tenant.
    private static var exemplar: [UInt8] {
        let label = WriteRequest.field(1, Array("tenant".utf8)) + WriteRequest.field(2, Array("b".utf8))
        return WriteRequest.field(3, WriteRequest.field(1, label) + [0x11] + one + [0x18] + now)
    }

    /// Metadata of a metric, which has no labels at all.
    private static var metadata: [UInt8] {
        WriteRequest.field(
            3,
            [0x08, 1] + WriteRequest.field(2, Array("hostile_metadata".utf8))
                + WriteRequest.field(4, Array("help".utf8)))
    }

    /// A native histogram with two observations in one bucket.
    private static var histogram: [UInt8] {
        let span = WriteRequest.field(11, [0x08, 0, 0x10, 1])
        let deltas = WriteRequest.field(12, [4])
        return WriteRequest.field(
            4, [0x08, 2, 0x19] + one + [0x20, 0, 0x29] + one + [0x30, 0] + span + deltas + [0x78] + now)
    }
}
