/// Forces a label on the series of an `io.prometheus.write.v2.Request`, remote write 2.0.
///
/// Labels refer to a table of texts, the symbols, which gets two more at its end. As in the first version, only symbols and
/// series are kept of the request.
struct SecondVersionRewriter {
    /// The numbers of fields.
    private enum Number {
        static let symbols: UInt64 = 4
        static let series: UInt64 = 5
        static let references: UInt64 = 1
    }

    private let message: [UInt8]
    private let label: TenantLabel
    private let limit: Int
    /// How each symbol compares to the name of the label. More of the symbols is not needed, so that many do not take
    /// much memory.
    private var orders: [TenantLabel.Order] = []
    /// The references and the whole of the series that is rewritten; their memory is used again.
    private var references: [UInt8] = []
    private var series: [UInt8] = []

    init(_ message: [UInt8], _ label: TenantLabel, limit: Int) {
        self.message = message
        self.label = label
        self.limit = limit
    }

    mutating func rewrite() throws(RewriteFault) -> RewrittenMessage {
        try readSymbols()
        var result = RewrittenMessage(bytes: [], series: 0)
        result.bytes.reserveCapacity(min(limit, message.count + message.count / 8 + 512))
        var reader = WireReader(message)
        while let field = try reader.next() {
            if field.number == Number.symbols {
                result.bytes.append(field: 4, message[field.payload])
            } else if field.number == Number.series {
                try rewrite(field.payload)
                result.bytes.append(field: 5, series)
                result.series += 1
            }
            guard result.bytes.count <= limit else { throw .tooLong(limit) }
        }
        result.bytes.append(field: 4, label.name)
        result.bytes.append(field: 4, label.id)
        return result
    }

    /// Reads all symbols first: a message may have them behind the series that refer to them.
    private mutating func readSymbols() throws(RewriteFault) {
        var reader = WireReader(message)
        while let field = try reader.next() {
            guard field.number == Number.symbols || field.number == Number.series else { continue }
            guard field.type == .bytes else { throw .malformed("a symbol is not text, or a series is not a message") }
            guard field.number == Number.symbols else { continue }
            orders.append(label.order(of: field.payload, in: message))
        }
    }

    private mutating func rewrite(_ range: Range<Int>) throws(RewriteFault) {
        try rewriteReferences(range)
        series.removeAll(keepingCapacity: true)
        series.append(field: 1, references)
        var reader = WireReader(message, range)
        while let field = try reader.next() {
            if field.number != Number.references { series.append(contentsOf: message[field.whole]) }
        }
    }

    /// Reads the references of a series, which may be in several fields, packed or not.
    private mutating func rewriteReferences(_ range: Range<Int>) throws(RewriteFault) {
        references.removeAll(keepingCapacity: true)
        var pairs = Pairs()
        var reader = WireReader(message, range)
        while let field = try reader.next() {
            guard field.number == Number.references else { continue }
            guard field.type == .bytes || field.type == .varint else {
                throw .malformed("the references of a series are no numbers")
            }
            var numbers = WireReader(message, field.payload)
            while !numbers.isAtEnd { try add(try numbers.varint(), &pairs) }
        }
        guard pairs.name == nil else { throw .malformed("a series has a label without a value") }
        if !pairs.isInserted { insert() }
    }

    /// How far the pairs of references of a series are read.
    private struct Pairs {
        /// The name of the label whose value comes next.
        var name: Int?
        var isInserted = false
    }

    private mutating func add(_ reference: UInt64, _ pairs: inout Pairs) throws(RewriteFault) {
        guard reference < UInt64(orders.count) else {
            throw .malformed("a series refers to symbol \(reference) of \(orders.count)")
        }
        guard let name = pairs.name.take() else {
            pairs.name = Int(reference)
            return
        }
        let order = orders[name]
        if order == .same { return }
        if order == .after, !pairs.isInserted {
            insert()
            pairs.isInserted = true
        }
        references.append(varint: UInt64(name))
        references.append(varint: reference)
    }

    private mutating func insert() {
        references.append(varint: UInt64(orders.count))
        references.append(varint: UInt64(orders.count + 1))
    }
}
