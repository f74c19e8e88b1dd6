import Kube
import TestSupport
import Testing

/// The response of a server.
struct CurlResponse {
    /// The status code; 0 if there was no response.
    var code: Int
    var body: String
    var json: JSON { (try? JSON(parsing: body)) ?? .null }
}

/// Sends a request with curl.
func curl(_ arguments: [String]) async throws -> CurlResponse {
    let path = try #require(ChildProcess.find("curl"))
    let output = try await ChildProcess.run(path, ["-s", "-m", "10", "-w", "\n%{http_code}"] + arguments).output
    let end = output.lastIndex(of: "\n") ?? output.startIndex
    return CurlResponse(code: Int(output[end...].dropFirst()) ?? 0, body: String(output[..<end]))
}
