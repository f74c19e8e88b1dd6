extension Timestamp {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]

    /// The time of an HTTP header such as `Date`: `Mon, 30 Nov 2026 09:00:34 GMT` (RFC 9110, IMF-fixdate); nil for all else.
    public init?(http text: some StringProtocol) {
        let parts = String(text).split(separator: " " as Character).map(String.init)
        guard parts.count == 6, parts[0].hasSuffix(","), parts[5] == "GMT",
            let month = Self.months.firstIndex(of: parts[2])
        else { return nil }
        let number = month + 1
        self.init("\(parts[3])-\(number < 10 ? "0" : "")\(number)-\(parts[1])T\(parts[4])Z")
    }

    /// The time in the format of HTTP headers, in whole seconds.
    public var http: String {
        let parts = description.split(whereSeparator: { "-TZ".contains($0) }).map(String.init)
        guard parts.count == 4, let month = Int(parts[1]), (1...12).contains(month) else { return description }
        let days = Int((seconds - (seconds % 86400 + 86400) % 86400) / 86400)
        let weekday = Self.weekdays[(days % 7 + 7) % 7]
        return "\(weekday), \(parts[2]) \(Self.months[month - 1]) \(parts[0]) \(parts[3]) GMT"
    }
}
