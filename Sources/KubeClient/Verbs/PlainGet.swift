import Kube

extension KubeClient {
    /// Reads a URL that is not the API server's, such as a pod's metrics, piece by piece.
    ///
    /// No credential goes along, no proxy is asked, no redirect is followed, and no connection is kept. `take` gets the
    /// HTTP status and the next bytes, and says whether it wants more; the rest is left unread. Throws what `take` throws,
    /// ``KubeClientError`` where the exchange fails or takes longer than `limit`, and `CancellationError`.
    public func getPlainly(
        _ url: String, within limit: Duration, _ take: (_ status: Int, _ bytes: [UInt8]) throws -> Bool
    ) async throws {
        let request = TransferRequest(
            method: "GET", url: url, headers: ["Accept: text/plain"],
            mode: .stream(highMark: 64 * 1024), connection: ConnectionSettings(allowsCompression: false),
            limits: TimeLimits(connect: min(limit, .seconds(2)), total: limit), userAgent: options.userAgent,
            sharesConnection: false)
        let transfer = Transfer.start(request, on: loop)
        defer { transfer.cancel(CancellationError()) }
        do {
            let status = try await transfer.head().status
            while let bytes = try await transfer.nextChunk() {
                guard try take(status, bytes) else { return }
            }
            _ = try take(status, [])
        } catch let failure as TransferFailure {
            throw KubeClientError(failure.kind, subject: "GET \(url)", failure.problem)
        }
    }
}
