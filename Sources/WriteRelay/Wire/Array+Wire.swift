extension [UInt8] {
    /// Appends a variable-length integer.
    mutating func append(varint value: UInt64) {
        var value = value
        while value >= 0x80 {
            append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        append(UInt8(value))
    }

    /// Appends a field of bytes with a number below 16.
    mutating func append(field number: UInt8, _ value: some Collection<UInt8>) {
        append(number << 3 | WireType.bytes.rawValue)
        append(varint: UInt64(value.count))
        append(contentsOf: value)
    }
}
