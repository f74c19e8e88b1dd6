import Kube

extension KubeClient {
    /// Reads a URL other than that of the API server, such as the metrics of a pod, in chunks.
    ///
    /// The request has no credentials, uses no proxy, follows no redirects and keeps no connection. `take` gets the
    /// HTTP status and the next bytes, and returns whether to continue. `verifiesServer` says whether the server's
    /// certificate has to be trusted: that of a pod names no address. Throws the errors of `take`,
    /// ``KubeClientError`` if the request fails or takes longer than `limit`, and `CancellationError`.
    public func getPlainly(
        _ url: String, within limit: Duration, verifiesServer: Bool = true,
        _ take: (_ status: Int, _ bytes: [UInt8]) throws -> Bool
    ) async throws {
        let request = TransferRequest(
            method: "GET", url: url, headers: ["Accept: text/plain"],
            mode: .stream(highMark: 64 * 1024),
            connection: ConnectionSettings(verifiesServer: verifiesServer, allowsCompression: false),
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
