import Kube
import TestSupport

/// A target that serves one page of metrics and counts its scrapes.
struct Target: Sendable {
    private let server: ScriptedServer
    private let count: Locked<Int>

    /// Starts a target. The page gets the number of the scrape, from 1.
    static func start(_ page: @escaping @Sendable (Int) -> String) async throws -> Target {
        let count = Locked(0)
        let server = try await ScriptedServer.start { _, reply in
            let number = count.withLock { count in
                count += 1
                return count
            }
            try await reply.respond(
                200, headers: [("Content-Type", "text/plain; version=0.0.4")], Array((page(number) + "\n").utf8))
        }
        return Target(server: server, count: count)
    }

    /// The number of scrapes so far.
    var scrapes: Int { count.withLock { $0 } }
    /// The target's port on 127.0.0.1.
    var port: Int { server.port }
    /// The target's address.
    var address: String { "127.0.0.1:\(port)" }
    /// The requested paths, with their queries.
    var asked: Set<String> { Set(server.requests.map(\.target)) }
    /// Stops the target.
    func stop() async { await server.stop() }
}
