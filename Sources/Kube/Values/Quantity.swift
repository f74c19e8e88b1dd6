/// A quantity of Kubernetes: `100Gi`, `500m`, `1e3` (`apimachinery/pkg/api/resource`).
///
/// The precision is 10⁻⁹; smaller fractions are rounded away from zero, as in Kubernetes. Values with a binary suffix
/// are capped at 2⁶³−1, as in Kubernetes, and all others at 10²⁹. Equality compares values, regardless of the format.
public struct Quantity: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The format of a quantity.
    public enum Format: Sendable, Hashable {
        /// `12M` (12·10⁶), `500m`.
        case decimalSI
        /// `12Mi` (12·2²⁰).
        case binarySI
        /// `12e6`.
        case decimalExponent
    }

    /// The value in units of 10⁻⁹.
    let nanos: Int128
    /// The format in which the quantity was read and is written.
    public let format: Format

    /// Creates a quantity from an integer.
    public init(_ value: Int64, _ format: Format = .decimalSI) {
        nanos = Int128(value) * Self.one
        self.format = format
    }

    /// Reads a quantity; nil if the text is not a quantity.
    public init?(_ text: String) {
        guard let parsed = QuantityParser.parse(text) else { return nil }
        (nanos, format) = parsed
    }

    /// Reads a quantity of an object: a string, or a number as in `resources.limits.cpu: 2`.
    public init?(_ json: JSON) {
        switch json {
        case .string(let text): self.init(text)
        case .int(let value): self.init(value)
        case .double(let value): self.init("\(value)")
        default: return nil
        }
    }

    /// The value as an integer, rounded away from zero and limited to the range of `Int64`.
    public var value: Int64 {
        let (quotient, remainder) = nanos.quotientAndRemainder(dividingBy: Self.one)
        return Int64(clamping: remainder == 0 ? quotient : quotient + nanos.signum())
    }
    /// The value as the nearest floating-point number.
    public var approximateValue: Double { Double(nanos) / Double(Self.one) }

    /// Whether both quantities have the same value.
    public static func == (left: Quantity, right: Quantity) -> Bool { left.nanos == right.nanos }
    /// Feeds the value to a hasher.
    public func hash(into hasher: inout Hasher) { hasher.combine(nanos) }
    /// Whether the left value is less.
    public static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }

    /// The canonical form, with the largest suffix that needs no fraction: `1.5Gi` as `1536Mi`, `0.1` as `100m`.
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
}

private enum QuantityParser {
    static func parse(_ text: String) -> (Int128, Quantity.Format)? {
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }

        // Only 28 digits matter; the rest can only round up.
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

    /// A number times a power of ten, rounded up and capped at the largest quantity.
    private static func scaled(_ number: Int128, by exponent: Int, _ isInexact: Bool) -> Int128 {
        if number == 0 { return 0 }
        var result = number
        if exponent >= 0 {
            for _ in 0..<exponent {
                let (product, overflow) = result.multipliedReportingOverflow(by: 10)
                guard !overflow, product < Quantity.maximum else { return Quantity.maximum }
                result = product
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
