#if canImport(Glibc)
import Glibc
#endif

/// A time of Kubernetes: `meta/v1` Time (RFC 3339 with seconds) and MicroTime (with microseconds).
public struct Timestamp: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The seconds since 1970-01-01T00:00:00Z; negative before.
    public var seconds: Int64
    /// The nanoseconds within the second, 0 to 999,999,999.
    public var nanoseconds: Int32

    /// Creates a time.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// The current time of the system clock.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec))
    }

    /// Reads RFC 3339 with any fraction and offset; nil for all else, including leap seconds, as in Go.
    public init?(_ text: some StringProtocol) {
        var reader = TimestampReader(text.utf8)
        guard let year = reader.digits(4), reader.take("-"), let month = reader.digits(2), reader.take("-"),
            let day = reader.digits(2), reader.take("T"), let hour = reader.digits(2), reader.take(":"),
            let minute = reader.digits(2), reader.take(":"), let second = reader.digits(2),
            (1...12).contains(month), (1...Self.daysIn(month, of: year)).contains(day), hour < 24, minute < 60,
            second < 60, let nanoseconds = reader.fraction(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let days = Self.days(year: year, month: month, day: day)
        seconds = Int64(days) * 86400 + Int64(hour * 3600 + minute * 60 + second) - Int64(offset)
        self.nanoseconds = Int32(nanoseconds)
    }

    /// The time in the format of Time: `2026-11-21T09:20:00Z`.
    public var description: String { text(fraction: nil) }

    /// The time in the format of MicroTime: `2026-11-21T09:20:00.000000Z`.
    public var microTime: String { text(fraction: Self.padded(Int(nanoseconds) / 1000, to: 6)) }

    /// The duration from another time to this one; negative if the other is later.
    public func since(_ other: Timestamp) -> Duration {
        // Durations have 128 bits, so that this cannot overflow.
        sinceEpoch - other.sinceEpoch
    }

    /// The time after a duration, limited to the years 0 to 9999, which RFC 3339 can write.
    public func advanced(by duration: Duration) -> Timestamp {
        let (sum, overflow) = sinceEpoch.attoseconds.addingReportingOverflow(duration.attoseconds)
        guard !overflow else { return duration < .zero ? Self.earliest : Self.latest }
        let sinceEpoch = Duration(attoseconds: sum)
        if sinceEpoch <= Self.earliest.sinceEpoch { return Self.earliest }
        if sinceEpoch >= Self.latest.sinceEpoch { return Self.latest }
        let (seconds, attoseconds) = sinceEpoch.components
        let nanoseconds = attoseconds / 1_000_000_000
        return nanoseconds < 0
            ? Timestamp(seconds: seconds - 1, nanoseconds: Int32(nanoseconds + 1_000_000_000))
            : Timestamp(seconds: seconds, nanoseconds: Int32(nanoseconds))
    }

    /// 0000-01-01T00:00:00Z.
    private static let earliest = Timestamp(seconds: -62_167_219_200)
    /// 9999-12-31T23:59:59.999999999Z.
    private static let latest = Timestamp(seconds: 253_402_300_799, nanoseconds: 999_999_999)

    private var sinceEpoch: Duration { .seconds(seconds) + .nanoseconds(nanoseconds) }

    /// Whether the left time is earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    private func text(fraction: String?) -> String {
        var days = seconds / 86400
        var rest = seconds % 86400
        if rest < 0 {
            days -= 1
            rest += 86400
        }
        let (year, month, day) = Self.civil(fromDays: Int(days))
        let time = [Int(rest) / 3600, Int(rest) / 60 % 60, Int(rest) % 60].map { Self.padded($0, to: 2) }
        let date = "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(day, to: 2))"
        return "\(date)T\(time.joined(separator: ":"))\(fraction.map { ".\($0)" } ?? "")Z"
    }

    private static func padded(_ number: Int, to width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
    }

    private static func daysIn(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    // Both conversions use eras of 400 years whose years start in March, so that leap days come last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

private struct TimestampReader {
    private var bytes: [UInt8]
    private var position = 0

    init(_ utf8: some Sequence<UInt8>) { bytes = Array(utf8) }

    var isAtEnd: Bool { position == bytes.count }

    private var digit: Int? {
        guard position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) else {
            return nil
        }
        return Int(bytes[position] - UInt8(ascii: "0"))
    }

    mutating func digits(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit else { return nil }
            value = value * 10 + digit
            position += 1
        }
        return value
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    /// The fraction of a second in nanoseconds, 0 if absent; nil for a point without digits.
    mutating func fraction() -> Int? {
        guard take(".") else { return 0 }
        var value = 0
        var scale = 1_000_000_000
        guard digit != nil else { return nil }
        while let digit {
            scale /= 10
            value += digit * scale
            position += 1
        }
        return value
    }

    /// The offset from UTC in seconds, east positive.
    mutating func offset() -> Int? {
        if take("Z") { return 0 }
        let sign = take("+") ? 1 : take("-") ? -1 : 0
        guard sign != 0, let hours = digits(2), take(":"), let minutes = digits(2), hours < 24, minutes < 60 else {
            return nil
        }
        return sign * (hours * 3600 + minutes * 60)
    }
}
