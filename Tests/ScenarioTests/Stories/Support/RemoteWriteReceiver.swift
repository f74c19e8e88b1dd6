import Kube
import TestSupport

/// A receiver of remote writes that records the series it gets, as Mimir would get them.
///
/// The bodies are those of remote write 1.0: a protobuf `prometheus.WriteRequest`, compressed with the Snappy block
/// format.
struct RemoteWriteReceiver: Sendable {
    /// A received series, with the header that has its tenant.
    struct Received: Sendable, Hashable {
        var tenant: String?
        var labels: [String: String]
    }

    private let server: ScriptedServer
    private let state: Locked<Set<Received>>

    /// Starts a receiver that reads the tenant from a header.
    static func start(tenantHeader: String) async throws -> RemoteWriteReceiver {
        let state = Locked(Set<Received>())
        let server = try await ScriptedServer.start { request, reply in
            guard request.method == "POST", request.header("Content-Encoding") == "snappy",
                let body = Snappy.decoded(request.body)
            else { return try await reply.respond(400) }
            let tenant = request.header(tenantHeader)
            let series = WriteRequest.series(in: body)
            state.withLock { $0.formUnion(series.map { Received(tenant: tenant, labels: $0) }) }
            try await reply.respond(200)
        }
        return RemoteWriteReceiver(server: server, state: state)
    }

    var url: String { server.url }
    /// The paths that were written to.
    var paths: Set<String> { Set(server.requests.map(\.path)) }
    /// All series so far.
    var received: Set<Received> { state.withLock { $0 } }
    func stop() async { await server.stop() }
}
