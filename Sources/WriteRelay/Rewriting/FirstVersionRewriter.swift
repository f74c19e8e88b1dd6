/// Forces a label on the series of a `prometheus.WriteRequest`, remote write 1.0.
///
/// Only series are kept. The metadata of metrics belongs to no tenant, and Prometheus does not store it. A field that this
/// version does not have could be a series in another: a server may read a message by another version than its content
/// type says.
struct FirstVersionRewriter {
    /// The numbers of fields.
    private enum Number {
        static let series: UInt64 = 1
        static let labels: UInt64 = 1
        static let name: UInt64 = 1
        static let value: UInt64 = 2
    }

    private let message: [UInt8]
    private let label: TenantLabel
    private let limit: Int
    /// The label as a field of a series.
    private let encoded: [UInt8]
    /// The series that is rewritten; its memory is used again.
    private var series: [UInt8] = []

    init(_ message: [UInt8], _ label: TenantLabel, limit: Int) {
        self.message = message
        self.label = label
        self.limit = limit
        var pair: [UInt8] = []
        pair.append(field: 1, label.name)
        pair.append(field: 2, label.id)
        var encoded: [UInt8] = []
        encoded.append(field: 1, pair)
        self.encoded = encoded
    }

    mutating func rewrite() throws(RewriteFault) -> RewrittenMessage {
        var result = RewrittenMessage(bytes: [], series: 0)
        result.bytes.reserveCapacity(min(limit, message.count + message.count / 4))
        var reader = WireReader(message)
        while let field = try reader.next() {
            guard field.number == Number.series else { continue }
            guard field.type == .bytes else { throw .malformed("a series is not a message") }
            try rewrite(field.payload)
            result.bytes.append(field: 1, series)
            result.series += 1
            guard result.bytes.count <= limit else { throw .tooLong(limit) }
        }
        return result
    }

    private mutating func rewrite(_ range: Range<Int>) throws(RewriteFault) {
        series.removeAll(keepingCapacity: true)
        var isInserted = false
        var reader = WireReader(message, range)
        while let field = try reader.next() {
            guard field.number == Number.labels else {
                series.append(contentsOf: message[field.whole])
                continue
            }
            guard field.type == .bytes else { throw .malformed("a label is not a message") }
            let (name, value) = try pair(field.payload)
            let order = label.order(of: name, in: message)
            if order == .same { continue }
            if order == .after, !isInserted {
                series.append(contentsOf: encoded)
                isInserted = true
            }
            append(name, value)
        }
        if !isInserted { series.append(contentsOf: encoded) }
    }

    /// The name and the value of a label. As in every decoder, the last one of several counts.
    private func pair(_ range: Range<Int>) throws(RewriteFault) -> (name: Range<Int>, value: Range<Int>) {
        var (name, value) = (range.lowerBound..<range.lowerBound, range.lowerBound..<range.lowerBound)
        var reader = WireReader(message, range)
        while let field = try reader.next() {
            guard field.number == Number.name || field.number == Number.value else { continue }
            guard field.type == .bytes else { throw .malformed("the name or the value of a label is not text") }
            if field.number == Number.name { name = field.payload } else { value = field.payload }
        }
        return (name, value)
    }

    /// Appends a label as Prometheus encodes it: without what is empty.
    private mutating func append(_ name: Range<Int>, _ value: Range<Int>) {
        func size(_ range: Range<Int>) -> Int {
            range.isEmpty ? 0 : 1 + Self.sizeOfVarint(range.count) + range.count
        }
        series.append(0x0A)
        series.append(varint: UInt64(size(name) + size(value)))
        if !name.isEmpty { series.append(field: 1, message[name]) }
        if !value.isEmpty { series.append(field: 2, message[value]) }
    }

    private static func sizeOfVarint(_ value: Int) -> Int { max(1, (Int.bitWidth - value.leadingZeroBitCount + 6) / 7) }
}
