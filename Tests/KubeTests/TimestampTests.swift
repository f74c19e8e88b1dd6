import Kube
import Testing

@Suite struct `Timestamps` {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0, 0), ("2026-11-21T09:20:00Z", 1_795_252_800, 0),
        ("2000-02-29T12:00:00+02:00", 951_818_400, 0), ("2026-11-21T09:20:00.123456Z", 1_795_252_800, 123_456_000),
        ("1969-12-31T23:59:59.5Z", -1, 500_000_000), ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
        ("9999-12-31T23:59:59Z", 253_402_300_799, 0),
        ("2026-11-21T09:20:00.1234567891-00:30", 1_795_254_600, 123_456_789),
    ])
    func `An RFC 3339 time is read`(text: String, seconds: Int64, nanoseconds: Int32) {
        #expect(Timestamp(text) == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T09:20:00", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "2026-11-21 09:20:00Z",
        "2026-11-21T24:00:00Z", "2026-11-21T09:20:60Z", "2026-11-21T09:20:00.Z", "2026-11-21T09:20:00z",
        "2026-11-21T09:20:00+2:00", "2026-11-21T09:20:00ZZ", "26-11-21T09:20:00Z",
    ])
    func `A text that is not an RFC 3339 time is refused`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `Every day of four centuries survives a round trip`() {
        var time = Timestamp(seconds: Timestamp("1800-01-01T00:00:00Z")?.seconds ?? 0)
        for _ in 0..<146_097 {
            #expect(Timestamp(time.description) == time)
            time.seconds += 86_400
        }
        #expect(time.description == "2200-01-01T00:00:00Z")
    }

    @Test func `Times support arithmetic and are written with or without microseconds`() throws {
        let time = Timestamp(seconds: 1_795_252_800, nanoseconds: 1_234_000)
        #expect(time.description == "2026-11-21T09:20:00Z")
        #expect(time.microTime == "2026-11-21T09:20:00.001234Z")
        let later = time.advanced(by: .milliseconds(1_999))
        #expect(later.microTime == "2026-11-21T09:20:02.000234Z")
        #expect(later > time)
        #expect(later.since(time) == .milliseconds(1_999))
        #expect(later.advanced(by: .milliseconds(-1_999)) == time)
        #expect(Timestamp.now > time || Timestamp.now < time)
        #expect(abs(Timestamp.now.since(.now).components.seconds) < 5)
    }

    @Test(arguments: [Int64.max, Int64.max - 1, 1 << 62, 1 << 50])
    func `Adding a duration stops at the first and last time that RFC 3339 can write`(seconds: Int64) throws {
        let time = Timestamp(seconds: 1_795_252_800, nanoseconds: 999_999_999)
        let latest = try #require(Timestamp("9999-12-31T23:59:59.999999999Z"))
        let earliest = try #require(Timestamp("0000-01-01T00:00:00Z"))
        #expect(time.advanced(by: .seconds(seconds)) == latest)
        #expect(time.advanced(by: .seconds(seconds) + .seconds(seconds)) == latest)
        #expect(time.advanced(by: .seconds(-seconds)) == earliest)
        #expect(latest.description == "9999-12-31T23:59:59Z" && earliest.description == "0000-01-01T00:00:00Z")
        #expect(latest.since(earliest) > .zero && earliest.since(latest) < .zero)
    }

    @Test func `The difference of the most distant times does not overflow`() {
        let difference = Timestamp(seconds: .max).since(Timestamp(seconds: .min))
        #expect(difference > .seconds(Int64.max))
    }
}

@Suite("Times of HTTP headers")
struct HTTPTimestampTests {
    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "1970-01-01T00:00:00Z"),
        ("Thu, 29 Feb 2024 23:59:59 GMT", "2024-02-29T23:59:59Z"),
        ("Wed, 31 Dec 1969 23:59:59 GMT", "1969-12-31T23:59:59Z"),
    ])
    func `Times of HTTP headers are read and written`(http: String, time: String) {
        #expect(Timestamp(http: http)?.description == time)
        #expect(Timestamp(time)?.http == http)
    }

    @Test(arguments: [
        "", "now", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun 06 Nov 1994 08:49:37 GMT",
        "a, b c d e GMT",
    ])
    func `Times of HTTP headers in other forms are refused`(text: String) { #expect(Timestamp(http: text) == nil) }
}
