public import Logging

extension ObservabilityServer {
    /// Serves metrics and probes while some work runs; does not serve without an address.
    ///
    /// The server starts before the work and stops after it. Throws ``BindFailure`` and the errors of the work.
    public func serve(
        on address: BindAddress?, logger: Logger, during work: @Sendable () async throws -> Void
    ) async throws {
        if let address {
            let port = try await start(on: address)
            logger.info("serving metrics and probes", metadata: ["port": "\(port)"])
        }
        do {
            try await work()
        } catch {
            await stop()
            throw error
        }
        await stop()
    }
}
