import Testing

@testable import PrometheusConfig

@Suite("Addresses of probers")
struct HostAndPortTests {
    @Test(arguments: ["a", "a.b.", "a:1", "1.2.3.4:65535", "[::1]:80", "::1", "a_b"])
    func `A prober is a host with or without a port`(_ url: String) { #expect(HostAndPort.isValid(url)) }

    @Test(arguments: [
        "", ":", "a:", "a:0", "a:65536", "a:x", "a b", "a/b", "-a", "[::1]", "a..b", "http://a", "::g", "é",
    ])
    func `A text of any other form is not a prober`(_ url: String) { #expect(!HostAndPort.isValid(url)) }
}
