public import Logging

extension ObservabilityServer {
    /// Does some work and serves meanwhile, from before it begins until after it has ended; serves nothing without an
    /// address. Throws ``BindFailure``, and what the work throws.
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
