import Testing

@testable import PrometheusConfig

@Suite("Sizes")
struct ByteSizeTests {
    @Test(arguments: [
        ("0", 0.0), ("1B", 1), ("10KB", 10240), ("10KiB", 10240), ("1.5MB", 1_572_864), ("1GiB", 1_073_741_824),
    ]) func `the units of a size are powers of 1024`(_ text: String, _ bytes: Double) {
        #expect(ByteSize.bytes(text) == bytes)
    }

    @Test(arguments: ["", "1", "B", "1XB", "1kB", "1iB", "-1B", "1 B", "1e3B", "1.B", "infB"])
    func `any other text is not a size`(_ text: String) { #expect(ByteSize.bytes(text) == nil) }
}
