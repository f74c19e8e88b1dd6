@testable import Observability

extension ObservabilityServer {
    /// Runs the server on a free loopback port while a closure runs.
    func serveAnyPort(while body: @Sendable (_ port: Int) async throws -> Void) async throws {
        let port = try await start(on: BindAddress(host: "127.0.0.1", port: 0))
        do {
            try await body(port)
        } catch {
            await stop()
            throw error
        }
        await stop()
    }
}
