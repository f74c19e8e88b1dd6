/// The lines of nginx's map of credentials: `"key" "|exact id flags class details|";`.
///
/// There are some for each tenant, and a plan writes those of all tenants. So they are bytes in one array.
struct GatewayLines {
    /// One line.
    struct Line {
        /// Where it is in ``bytes``.
        var range: Range<Int>
        /// The bytes of its key.
        var keyBytes: Int
        /// The bytes of its value without the first bar, with further parts.
        var valueBytes: Int
        /// The index of the first tenant that it concerns.
        var tenant: Int
        /// The hash of that tenant's id, which decides the part of the configuration.
        var place: UInt64
    }

    private(set) var bytes: [UInt8] = []
    private(set) var lines: [Line] = []
    /// The bytes of the longest key or value.
    private(set) var longest = 0
    /// The values of further credentials that differ from that of a line only in case, by line.
    private var further: [Int: [UInt8]] = [:]
    /// The lines by the hash of their key, and those that have the hash of another key.
    private var byHash: [Int: Int] = [:]
    private var others: [Int: [Int]] = [:]

    private static let end = Array("\";\n".utf8)

    init(tenants: Int) {
        lines.reserveCapacity(tenants * 4)
        byHash.reserveCapacity(tenants * 4)
        bytes.reserveCapacity(tenants * 800)
    }

    /// Adds an entry to the map. Returns the first tenant of a line that has no room left for a similar one; nil if it
    /// was added.
    mutating func add(
        _ kind: StaticString, _ exact: String, id: String, _ properties: [UInt8], tenant: Int, place: UInt64
    ) -> Int? {
        let start = bytes.count
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: kind.utf8Start, count: kind.utf8CodeUnitCount))
        bytes.append(contentsOf: exact.utf8)
        let key = start + 1..<bytes.count
        bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "|")])
        let value = bytes.count
        bytes.append(contentsOf: exact.utf8)
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: id.utf8)
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: properties)
        let valueBytes = bytes.count - value
        let hash = hash(of: key)
        if let similar = line(key, hash) {
            defer { bytes.removeSubrange(start...) }
            return add(value..<bytes.count, to: similar) ? nil : lines[similar].tenant
        }
        bytes.append(contentsOf: Self.end)
        if byHash[hash] == nil { byHash[hash] = lines.count } else { others[hash, default: []].append(lines.count) }
        longest = max(longest, key.count, valueBytes + 1)
        lines.append(
            Line(
                range: start..<bytes.count, keyBytes: key.count, valueBytes: valueBytes, tenant: tenant, place: place))
        return nil
    }

    /// The bytes of a line as it is written.
    func size(of index: Int) -> Int { lines[index].range.count + (further[index]?.count ?? 0) }

    /// Writes a line.
    func write(_ index: Int, to text: inout [UInt8]) {
        let range = lines[index].range
        guard !further.isEmpty, let more = further[index] else {
            text.append(contentsOf: bytes[range])
            return
        }
        text.append(contentsOf: bytes[range].dropLast(Self.end.count))
        text.append(contentsOf: more)
        text.append(contentsOf: Self.end)
    }

    /// Adds a value to a line; returns whether there was room.
    private mutating func add(_ value: Range<Int>, to index: Int) -> Bool {
        let total = lines[index].valueBytes + value.count
        guard total < GatewayEntries.mostBytes else { return false }
        further[index, default: []] += bytes[value]
        lines[index].valueBytes = total
        longest = max(longest, total + 1)
        return true
    }

    /// The line with a key, in whatever case.
    private func line(_ key: Range<Int>, _ hash: Int) -> Int? {
        guard let first = byHash[hash] else { return nil }
        return ([first] + (others[hash] ?? [])).first { index in
            let start = lines[index].range.lowerBound + 1
            let other = start..<start + lines[index].keyBytes
            return other.count == key.count
                && zip(bytes[other], bytes[key]).allSatisfy { $0 == $1 || $0.lowercased == $1.lowercased }
        }
    }

    /// A hash that does not depend on the case of letters. It is another one in each process, so that nobody can choose
    /// credentials with the same hash.
    private func hash(of key: Range<Int>) -> Int {
        bytes.withUnsafeBytes { bytes in
            var hasher = Hasher()
            var place = key.lowerBound
            while place + 8 <= key.upperBound {
                let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                hasher.combine(word | 0x2020_2020_2020_2020)
                place += 8
            }
            while place < key.upperBound {
                hasher.combine(bytes[place] | 0x20)
                place += 1
            }
            return hasher.finalize()
        }
    }
}

extension UInt8 {
    /// The small letter of a capital one of ASCII.
    fileprivate var lowercased: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
