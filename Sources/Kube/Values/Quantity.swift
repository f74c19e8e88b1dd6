/// An amount of a resource as Kubernetes writes it: `100Gi`, `500m`, `1e3` (`apimachinery/pkg/api/resource`).
///
/// Exact to billionths; what is finer is rounded away from zero, as in Kubernetes. Values with a binary suffix are
/// capped at 2⁶³−1, as in Kubernetes too, and others at 10²⁹. Two quantities are equal if their values are, however
/// they were written.
public struct Quantity: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// How a quantity is written.
    public enum Format: Sendable, Hashable {
        /// `12M` (12·10⁶), `500m`.
        case decimalSI
        /// `12Mi` (12·2²⁰).
        case binarySI
        /// `12e6`.
        case decimalExponent
    }

    /// The value in billionths.
    public let nanos: Int128
    /// How it was written, and is written again.
    public let format: Format

    /// A whole number.
    public init(_ value: Int64, _ format: Format = .decimalSI) {
        nanos = Int128(value) * Self.one
        self.format = format
    }

    /// A number of thousandths, as CPU shares are counted.
    public init(milli value: Int64) {
        nanos = Int128(value) * (Self.one / 1000)
        format = .decimalSI
    }

    /// Reads a quantity; nil where the text is none.
    public init?(_ text: String) {
        guard let parsed = QuantityParser.parse(text) else { return nil }
        (nanos, format) = parsed
    }

    /// A quantity in an object: a string, or a number as `resources.limits.cpu: 2` has it.
    public init?(_ json: JSON) {
        switch json {
        case .string(let text): self.init(text)
        case .int(let value): self.init(value)
        case .double(let value): self.init("\(value)")
        default: return nil
        }
    }

    /// The value rounded up to a whole number: bytes, where bytes are meant.
    public var value: Int64 { Int64(clamping: Self.divideUp(nanos, by: Self.one)) }
    /// The value in thousandths, rounded up.
    public var milliValue: Int64 { Int64(clamping: Self.divideUp(nanos, by: Self.one / 1000)) }
    /// The value as a floating point number, the nearest there is.
    public var approximateValue: Double { Double(nanos) / Double(Self.one) }

    /// Whether both have the same value.
    public static func == (left: Quantity, right: Quantity) -> Bool { left.nanos == right.nanos }
    /// Feeds the value to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(nanos) }
    /// Whether the left value is less.
    public static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }

    /// The canonical form: the largest suffix without a fraction, `1.5Gi` as `1536Mi`, `0.1` as `100m`.
    public var description: String {
        if nanos == 0 { return "0" }
        if format == .binarySI, nanos.magnitude >= 1024 * Self.one.magnitude, nanos % Self.one == 0 {
            var number = nanos / Self.one
            var suffix = 0
            while number % 1024 == 0, suffix < Self.binarySuffixes.count - 1 {
                number /= 1024
                suffix += 1
            }
            return "\(number)\(Self.binarySuffixes[suffix])"
        }
        var number = nanos
        var exponent = -9
        while number % 1000 == 0, exponent < 18 {
            number /= 1000
            exponent += 3
        }
        if format == .decimalExponent { return exponent == 0 ? "\(number)" : "\(number)e\(exponent)" }
        return "\(number)\(Self.decimalSuffixes[exponent / 3 + 3])"
    }

    static let one: Int128 = 1_000_000_000
    static let maximumBinary = Int128(Int64.max) * one
    static let maximum: Int128 = 100_000_000_000_000_000_000_000_000_000_000_000_000
    static let decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
    static let binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]

    /// A quotient rounded away from zero.
    static func divideUp(_ number: Int128, by divisor: Int128) -> Int128 {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder == 0 ? quotient : quotient + (number < 0 ? -1 : 1)
    }
}

private enum QuantityParser {
    static func parse(_ text: String) -> (Int128, Quantity.Format)? {
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }

        // Twenty-eight digits are all that count; what lies beyond can only round up.
        var mantissa: Int128 = 0
        var exponent = 0
        var digits = 0
        var hasPoint = false
        var isInexact = false
        while let byte = rest.first {
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
                digits += 1
                if mantissa < 1_000_000_000_000_000_000_000_000_000 {
                    mantissa = mantissa * 10 + Int128(byte - UInt8(ascii: "0"))
                    if hasPoint { exponent -= 1 }
                } else {
                    if byte != UInt8(ascii: "0") { isInexact = true }
                    if !hasPoint { exponent += 1 }
                }
            } else {
                break
            }
            rest.removeFirst()
        }
        guard digits > 0, let suffix = suffix(String(rest) ?? "") else { return nil }
        while mantissa.multipliedReportingOverflow(by: 1 << suffix.bits).overflow {
            let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: 10)
            mantissa = quotient
            exponent += 1
            if remainder != 0 { isInexact = true }
        }
        let value = scaled(mantissa << suffix.bits, by: exponent + suffix.exponent + 9, isInexact)
        let capped = min(value, suffix.format == .binarySI ? Quantity.maximumBinary : Quantity.maximum)
        return (isNegative ? -capped : capped, suffix.format)
    }

    private static func suffix(_ text: String) -> (bits: Int, exponent: Int, format: Quantity.Format)? {
        if let index = Quantity.decimalSuffixes.firstIndex(of: text) { return (0, index * 3 - 9, .decimalSI) }
        if let index = Quantity.binarySuffixes.firstIndex(of: text) { return (index * 10, 0, .binarySI) }
        guard text.hasPrefix("e") || text.hasPrefix("E"), let exponent = Int32(text.dropFirst()) else { return nil }
        return (0, Int(exponent), .decimalExponent)
    }

    /// A number times a power of ten, rounded up, capped at the largest quantity.
    private static func scaled(_ number: Int128, by exponent: Int, _ isInexact: Bool) -> Int128 {
        if number == 0 { return 0 }
        var result = number
        if exponent >= 0 {
            for _ in 0..<exponent {
                guard result < Quantity.maximum else { return Quantity.maximum }
                result *= 10
            }
            return result
        }
        var divisor: Int128 = 1
        for _ in 0..<min(-exponent, 38) { divisor = divisor.multipliedReportingOverflow(by: 10).partialValue }
        if -exponent > 37 { return 1 }
        let (quotient, remainder) = result.quotientAndRemainder(dividingBy: divisor)
        return remainder == 0 && !isInexact ? quotient : quotient + 1
    }
}
