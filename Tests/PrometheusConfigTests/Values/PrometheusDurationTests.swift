import Testing

@testable import PrometheusConfig

@Suite("Durations")
struct PrometheusDurationTests {
    @Test(arguments: [
        ("0", 0), ("30s", 30_000), ("1h30m", 5_400_000), ("500ms", 500), ("1y2w3d4h5m6s7ms", 33_019_506_007), ("0s", 0),
        ("90m", 5_400_000),
    ])
    func `A duration is read like in Prometheus`(text: String, milliseconds: Int64) {
        #expect(PrometheusDuration(text)?.milliseconds == milliseconds)
    }

    @Test(arguments: [
        "", "30", "1.5s", "-1s", "1m1h", "1s1s", "s", " 1s", "1S", "300y", "99999999999999999999s", "1ms1s", "٣s",
    ])
    func `A text that Prometheus refuses as a duration is refused`(text: String) {
        #expect(PrometheusDuration(text) == nil)
    }
}
