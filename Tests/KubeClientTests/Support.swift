import Kube
@testable import KubeClient
import Logging
import TestSupport

/// A logger that keeps its messages for tests.
final class LogKeeper: LogHandler, Sendable {
    let lines: Locked<[String]>
    private let level: Locked<Logger.Level>

    init(_ lines: Locked<[String]>) {
        self.lines = lines
        level = Locked(.trace)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { level.withLock { $0 } }
        set { level.withLock { $0 = newValue } }
    }

    func log(event: LogEvent) { lines.withLock { $0.append("\(event.message)") } }
}

func keptLogger() -> (Logger, Locked<[String]>) {
    let lines = Locked<[String]>([])
    return (Logger(label: "test") { _ in LogKeeper(lines) }, lines)
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// Runs a test with a scripted server and a client, and stops both.
func withServer(
    options: KubeClient.Options = KubeClient.Options(), logger: Logger = quiet,
    _ script: @escaping ScriptedServer.Script, test: (KubeClient, ScriptedServer) async throws -> Void,
    configure: (inout ClusterConfiguration) -> Void = { _ in }
) async throws {
    let server = try await ScriptedServer.start(script)
    var cluster = try ClusterConfiguration(server: server.url)
    configure(&cluster)
    let client = KubeClient(cluster, options: options, logger: logger)
    do {
        try await test(client, server)
    } catch {
        await client.shutdown()
        await server.stop()
        throw error
    }
    await client.shutdown()
    await server.stop()
}

/// The error that a closure throws; nil if it throws none.
func caught<Result>(_ body: () async throws -> Result) async -> (any Error)? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

func configMap(_ name: String, version: Int = 1, _ data: JSON = ["a": "b"]) -> JSON {
    [
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": ["name": .string(name), "namespace": "default", "resourceVersion": .string(String(version))],
        "data": data,
    ]
}

/// The text of an error; empty if there is none.
func message(_ error: (any Error)?) -> String { error.map { "\($0)" } ?? "" }

/// Whether a condition becomes true in time.
func eventually(_ timeout: Duration = .seconds(60), _ condition: () async throws -> Bool) async -> Bool {
    (try? await waitUntil("a condition", within: timeout, condition)) != nil
}

extension APIStatus {
    /// The API server's response to a request without valid credentials.
    static let unauthorized = APIStatus(code: 401, reason: "Unauthorized", message: "Unauthorized")
}
