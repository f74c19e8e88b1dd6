import TestSupport
import Testing

extension QueryAPI {
    /// Whether the samples of a target that counts its scrapes as `ticks` have all arrived, up to a number at least. Throws if
    /// they are of more than one series, or not in order.
    ///
    /// On a busy machine a scrape may take longer than its timeout. The target has counted it, and Prometheus stores
    /// nothing of it but an `up` of 0.
    func hasEveryTick(upTo last: Int, tenant: String) async throws -> Bool {
        let series = try await query("ticks[1h]")
        try #require(series.count <= 1, "\(series.map(\.labels))")
        guard let ticks = series.first, let newest = ticks.values.last, newest >= Double(last) else { return false }
        #expect(ticks.labels["tenant"] == tenant)
        try #require(zip(ticks.values, ticks.values.dropFirst()).allSatisfy(<), "\(ticks.values)")
        let failed = try await query("up[1h]").flatMap(\.values).count { $0 == 0 }
        return Int(newest) - ticks.values.count <= failed
    }
}
