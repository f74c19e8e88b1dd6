import Testing

@testable import PrometheusConfig

@Suite("Versions of Prometheus")
struct PrometheusVersionTests {
    @Test func `A version is read from an image tag`() {
        #expect(PrometheusVersion("v3.5.0") == PrometheusVersion(3, 5))
        #expect(PrometheusVersion("2.53.1+ds1")?.description == "v2.53.1")
        #expect(PrometheusVersion("v3.0.0-rc.1") == PrometheusVersion(3, 0))
        for text in ["", "v", "3", "latest", "3.x", "1.2.3.4", "v3..1"] {
            #expect(PrometheusVersion(text) == nil, "\(text)")
        }
        #expect(
            PrometheusVersion(2, 9) < PrometheusVersion(2, 32) && PrometheusVersion(2, 53) < PrometheusVersion(3, 0))
    }
}
