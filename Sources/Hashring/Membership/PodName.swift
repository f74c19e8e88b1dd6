/// The name of a StatefulSet's pod, taken apart: `receive-3` is ordinal 3 of `receive`.
///
/// This is the one place that reads ordinals. Kubernetes counts them in 32 bits and writes them in decimal digits
/// without a sign or leading zeros (`pkg/controller/statefulset`), so no other text is an ordinal.
public struct PodName: Sendable, Hashable {
    /// The name of the StatefulSet.
    public let statefulSet: String
    /// The number at the end of the name, from 0.
    public let ordinal: Int

    /// The largest ordinal that Kubernetes can count.
    public static let largestOrdinal = Int(Int32.max)

    /// Takes a name apart; nil if it does not end in a hyphen and an ordinal.
    public init?(_ name: some StringProtocol) {
        let name = Substring(name)
        guard let hyphen = name.utf8.lastIndex(of: UInt8(ascii: "-")) else { return nil }
        let digits = name.utf8[hyphen...].dropFirst()
        guard (1...10).contains(digits.count), digits.first != UInt8(ascii: "0") || digits.count == 1 else {
            return nil
        }
        var ordinal = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            ordinal = ordinal * 10 + Int(digit - UInt8(ascii: "0"))
        }
        guard ordinal <= Self.largestOrdinal else { return nil }
        statefulSet = String(name[..<hyphen])
        self.ordinal = ordinal
    }
}
