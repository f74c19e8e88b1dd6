/// The random number generator of Go's `math/rand`, by which Thanos picks a tenant's shard.
///
/// It is an additive lagged Fibonacci generator: each number is the sum of those 607 and 273 before it.
struct GoRandom {
    private static let length = 607
    private static let lag = 273

    private var register: [UInt64]
    private var tap = 0
    private var feed = Self.length - Self.lag

    /// A generator as `rand.New(rand.NewSource(seed))` makes it.
    init(seed: Int64) {
        register = Self.filled(seed: seed, shifts: (40, 20))
        for index in register.indices { register[index] ^= Self.stirred[index] }
    }

    /// The next number, of 64 bits.
    mutating func next() -> UInt64 {
        tap = tap == 0 ? Self.length - 1 : tap - 1
        feed = feed == 0 ? Self.length - 1 : feed - 1
        register[feed] &+= register[tap]
        return register[feed]
    }

    /// A register filled from a seed by the Lehmer generator x → 48271·x mod 2³¹ − 1.
    private static func filled(seed: Int64, shifts: (UInt64, UInt64)) -> [UInt64] {
        let modulus: Int64 = (1 << 31) - 1
        var state = UInt64((seed % modulus + modulus) % modulus)
        if state == 0 { state = 89_482_311 }
        func draw() -> UInt64 {
            state = state * 48271 % UInt64(modulus)
            return state
        }
        for _ in 0..<20 { _ = draw() }
        return (0..<length).map { _ in draw() << shifts.0 ^ draw() << shifts.1 ^ draw() }
    }

    /// The values that every register is mixed with: Go's table of the state that seed 1 reaches after 7.8·10¹²
    /// numbers.
    ///
    /// They need not all be drawn: number K is a sum of the first 607, with the coefficients of tᴷ modulo
    /// t⁶⁰⁷ − t³³⁴ − 1, which repeated squaring finds.
    private static let stirred: [UInt64] = {
        let steps = 7_800_000_000_000
        let start = filled(seed: 1, shifts: (20, 10))
        // The register as a sequence: the oldest number first.
        func slot(_ number: Int) -> Int { (length - lag - (number - (length - 1)) % length + length) % length }
        var numbers = (0..<length).map { start[slot($0)] }
        for index in length..<(2 * length) { numbers.append(numbers[index - length] &+ numbers[index - lag]) }

        var power = [UInt64](repeating: 0, count: length)
        power[0] = 1
        for bit in (0..<(Int.bitWidth - steps.leadingZeroBitCount)).reversed() {
            power = squared(power)
            guard steps >> bit & 1 == 1 else { continue }
            let top = power.removeLast()
            power.insert(top, at: 0)
            power[length - lag] &+= top
        }
        var table = [UInt64](repeating: 0, count: length)
        for index in 0..<length {
            var sum: UInt64 = 0
            for (term, coefficient) in power.enumerated() { sum &+= coefficient &* numbers[index + term] }
            table[slot((steps + index) % length)] = sum
        }
        return table
    }()

    /// The square of a polynomial modulo t⁶⁰⁷ − t³³⁴ − 1, coefficients modulo 2⁶⁴.
    private static func squared(_ polynomial: [UInt64]) -> [UInt64] {
        var product = [UInt64](repeating: 0, count: 2 * length)
        product.withUnsafeMutableBufferPointer { product in
            polynomial.withUnsafeBufferPointer { factors in
                for left in 0..<length where factors[left] != 0 {
                    let factor = factors[left]
                    for right in 0..<length { product[left &+ right] &+= factor &* factors[right] }
                }
            }
            for index in (length..<(2 * length)).reversed() {
                product[index - length] &+= product[index]
                product[index - lag] &+= product[index]
            }
        }
        return Array(product.prefix(length))
    }
}
