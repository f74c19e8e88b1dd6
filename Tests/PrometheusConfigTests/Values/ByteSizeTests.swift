import Kube
import TestSupport
import Testing
import YAML

@testable import PrometheusConfig

@Suite("Sizes")
struct ByteSizeTests {
    @Test(arguments: [
        ("0", 0.0), ("1B", 1), ("10KB", 10240), ("10KiB", 10240), ("1.5MB", 1_572_864), ("1GiB", 1_073_741_824),
        ("7EB", 8_070_450_532_247_928_832), ("00012B", 12),
    ]) func `The units of a size are powers of 1024`(_ text: String, _ bytes: Double) {
        #expect(ByteSize.bytes(text) == bytes)
    }

    @Test(arguments: ["", "1", "B", "1XB", "1kB", "1iB", "-1B", "1 B", "1e3B", "1.B", "infB", ".B"] + tooLarge)
    func `A text of any other form is not a size`(_ text: String) { #expect(ByteSize.bytes(text) == nil) }

    /// Sizes that do not fit into 64 bits.
    static let tooLarge = [
        "9EB", "9000PB", "9223372036854775808B", "99999999999999999999PB", "\(String(repeating: "9", count: 400))KB",
    ]

    @Test func `Prometheus has the same limits for sizes`() async throws {
        let accepted = ["1EB", "7EiB", "1.5MB", "00012B"]
        for installed in await InstalledPrometheus.all() {
            let folder = try TemporaryDirectory()
            defer { folder.remove() }
            for (index, text) in (Self.tooLarge + accepted).enumerated() {
                let file: JSON = ["scrape_configs": [["job_name": "a", "body_size_limit": JSON(text)]]]
                let path = try folder.write("\(index).yaml", YAML.write(file))
                let result = try await ChildProcess.run(
                    installed.promtool, ["check", "config", "--syntax-only", path])
                #expect((result.code == 0) == accepted.contains(text), "\(installed): \(text): \(result.output)")
            }
        }
    }
}
