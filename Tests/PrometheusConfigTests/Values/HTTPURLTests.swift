import Testing

@testable import PrometheusConfig

@Suite("URLs")
struct HTTPURLTests {
    @Test(arguments: [
        "http://a", "HTTPS://a.b:1/x?y#z", "socks5://u:p%20@a", "http://[::1]:80", "http://a:", "http://1.2.3.4",
    ]) func `The URL of a proxy is valid`(_ url: String) {
        #expect(HTTPURL.isValid(url, schemes: ["http", "https", "socks5"]))
    }

    @Test(arguments: [
        "", "a", "http:", "http://", "http://[", "http://[::1", "http://[a]", "http://a:b", "http://a b", "ftp://a",
        "http://a%", "http://a/%zz", "http://u@b@", "http://:80", "http://a\n", "://a", "http://a[b]",
    ]) func `A URL that Go cannot parse is not valid`(_ url: String) {
        #expect(!HTTPURL.isValid(url, schemes: ["http", "https", "socks5"]))
    }
}
