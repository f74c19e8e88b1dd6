import TestSupport

/// Prometheus's query API at a URL.
struct QueryAPI {
    /// A series of a response.
    struct Series {
        var labels: [String: String]
        var values: [Double]
        /// When the samples were scraped, in seconds since 1970.
        var times: [Double]
    }

    var url: String

    /// The series that a query finds now. Throws the server's message if it refuses the query.
    func query(_ expression: String) async throws -> [Series] {
        let answer = try await curl(["\(url)/api/v1/query", "--data-urlencode", "query=\(expression)"])
        guard answer.code == 200, let result = answer.json["data", "result"]?.array else {
            throw WaitingError(description: "\(expression) at \(url): \(answer.code) \(answer.body)")
        }
        return result.map { series in
            let samples = series["values"]?.array ?? [series["value"] ?? .null]
            return Series(
                labels: series["metric"]?.strings ?? [:],
                values: samples.compactMap { $0[1]?.string.flatMap { Double($0) } },
                times: samples.compactMap { $0[0]?.double })
        }
    }

    /// Waits until a server returns 200 for a URL.
    static func untilReady(_ url: String, _ process: ChildProcess) async throws {
        try await eventually("\(url) returns 200") {
            guard process.isRunning else { throw WaitingError(description: "\(url) ended: \(process.log)") }
            return try await curl([url]).code == 200
        }
    }
}
