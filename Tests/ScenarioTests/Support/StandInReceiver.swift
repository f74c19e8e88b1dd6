import Hashring
import Kube
import TestSupport

/// A stand-in for a Thanos receiver on a loopback address. Its metrics have the hash of its hashring file.
final class StandInReceiver: Sendable {
    private struct State {
        var text = ""
        var errors = 0
        var refuses = false
    }

    private let server: ScriptedServer
    private let state: Locked<State>

    private init(_ server: ScriptedServer, _ state: Locked<State>) { (self.server, self.state) = (server, state) }

    /// Plays a scenario with stand-ins for some pods, each on its own loopback address. The default port is that of Thanos.
    static func play(
        _ kind: ClusterKind, for pods: [String], port: Int = 10902,
        _ body: (Scenario, [String: StandInReceiver]) async throws -> Void
    ) async throws {
        try await Scenario.play(kind) { scenario in
            // Scenarios run concurrently, so each needs its own addresses.
            let network = "127.\(Int.random(in: 1...254)).\(Int.random(in: 1...254))"
            var receivers: [String: StandInReceiver] = [:]
            let result: Result<Void, any Error>
            do {
                for (number, pod) in pods.enumerated() {
                    let address = "\(network).\(number + 1)"
                    receivers[pod] = try await start(host: address, port: port)
                    scenario.workloads.give(pod, address: address)
                }
                result = .success(try await body(scenario, receivers))
            } catch {
                result = .failure(error)
            }
            for receiver in receivers.values { await receiver.stop() }
            try result.get()
        }
    }

    /// Starts a receiver without a file.
    private static func start(host: String, port: Int) async throws -> StandInReceiver {
        let state = Locked(State())
        let server = try await ScriptedServer.start(host: host, port: port) { request, reply in
            let body = state.withLock { state in
                if state.refuses { state.errors += 1 }
                let hash = state.text.isEmpty ? 0 : HashringFile.configHash(of: state.text)
                return """
                    go_goroutines 5
                    process_start_time_seconds 1.78e+09
                    thanos_receive_config_hash \(Double(hash))
                    thanos_receive_hashrings_file_errors_total \(state.errors)

                    """
            }
            guard request.method == "GET", request.path == "/metrics" else { return try await reply.respond(404) }
            try await reply.respond(200, headers: [("Content-Type", "text/plain; version=0.0.4")], Array(body.utf8))
        }
        return StandInReceiver(server, state)
    }

    /// Loads a file.
    func load(_ text: String) { state.withLock { ($0.text, $0.refuses) = (text, false) } }

    /// Refuses every file from now on, until ``load(_:)``.
    func refuse() { state.withLock { $0.refuses = true } }

    /// The requests so far.
    var requests: [ScriptedServer.Request] { server.requests }

    func stop() async { await server.stop() }
}
