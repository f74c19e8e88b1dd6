import FoundationEssentials
import Kube

/// Writes series by remote write 1.0, as an agent would.
enum RemoteWriter {
    /// Writes one sample of each series to a URL, by default of now, with some headers and other options of curl.
    static func write(
        _ series: [[String: String]], to url: String, at time: UInt64? = nil, headers: [String] = [],
        options: [String] = [], _ story: Story
    ) async throws -> CurlResponse {
        let path = story.directory.path("written-\(UUID().uuidString)")
        try Data(Snappy.encoded(WriteRequest.message(series, at: time))).write(to: URL(fileURLWithPath: path))
        let all = ["Content-Encoding: snappy", "Content-Type: application/x-protobuf"] + headers
        return try await curl([url, "--data-binary", "@\(path)"] + options + all.flatMap { ["-H", $0] })
    }
}
