import Kube
import Testing

@testable import KubeClient

@Suite("Encodings") struct EncodingTests {
    @Test(arguments: [
        (Duration.seconds(Int64.max), Int.max), (.seconds(Int64.max / 1000), 9_223_372_036_854_775_000),
        (.seconds(Int64.min), 1), (.milliseconds(1500), 1500), (.microseconds(1), 1), (.zero, 1),
    ])
    func `Durations are converted to milliseconds without overflow`(duration: Duration, milliseconds: Int) {
        #expect(duration.milliseconds == milliseconds)
    }

    @Test(arguments: [
        (Optional("5"), Duration?.some(.seconds(5))), ("0", .zero), ("1000000", .seconds(1_000_000)), ("1000001", nil),
        ("-1", nil), ("9223372036854775808", nil), ("Sat, 21 Nov 2026 10:00:00 GMT", nil), (nil, nil),
    ])
    func `A Retry-After header is read unless its delay is absurd`(header: String?, delay: Duration?) {
        #expect(RetryPolicy.delay(header) == delay)
    }

    @Test(arguments: [
        ("299 - \"a\"", ["a"]), ("299 host:80 \"a, b\", 299 - \"c \\\"d\\\"\"", ["a, b", "c \"d\""]),
        ("214 - \"a\"", []), ("299 - \"a", []), ("299", []), ("", []), ("299 - \"a\",", ["a"]),
    ])
    func `Warnings are read as in apimachinery`(header: String, texts: [String]) {
        #expect(WarningHeader.parse(header) == texts)
    }

    @Test func `Lines up to the limit are accepted and longer ones refused`() throws {
        var framer = LineFramer(limit: 3)
        func next() throws -> String? { try framer.nextLine { String(decoding: $0, as: UTF8.self) } }
        framer.append(Array("abc\nd".utf8))
        #expect(try next() == "abc")
        #expect(try next() == nil)
        framer.append(Array("ef".utf8))
        #expect(try next() == nil)
        framer.append(Array("\n\nxyz".utf8))
        #expect(try next() == "def")
        #expect(try next() == "")
        #expect(try next() == nil && framer.hasRest)
        framer.append(Array("!".utf8))
        #expect(throws: LineFramer.TooLong.self) { try next() }
    }
}
