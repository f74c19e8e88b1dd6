/// The steps that figures about sending are rounded down to.
package enum DeliverySteps {
    private static let waits: [(seconds: Int, text: String)] = [
        (0, "0s"), (30, "30s"), (60, "1m"), (120, "2m"), (300, "5m"), (600, "10m"), (1800, "30m"), (3600, "1h"),
        (7200, "2h"), (21_600, "6h"), (43_200, "12h"), (86_400, "1d"), (172_800, "2d"), (604_800, "7d"),
    ]

    /// The step of a number of seconds.
    package static func seconds(_ seconds: Double) -> Int {
        waits.last { Double($0.seconds) <= seconds }?.seconds ?? 0
    }

    /// The text of a step of seconds.
    package static func text(_ seconds: Int) -> String { waits.last { $0.seconds <= seconds }?.text ?? "0s" }

    /// The step of a number: 0, 1, 2, 5, 10, 20, 50 and so on.
    package static func count(_ number: Double) -> Int {
        guard number >= 1 else { return 0 }
        var power = 1
        // A hostile number may be of any size.
        while Double(power) * 10 <= number, power < 1_000_000_000 { power *= 10 }
        return number >= 5 * Double(power) ? 5 * power : number >= 2 * Double(power) ? 2 * power : power
    }
}
