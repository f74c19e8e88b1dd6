#if canImport(Glibc)
import Glibc
#endif
import Kube
import KubeClient
import TestSupport
import Testing

/// The program `tributary` as child processes of a scenario.
struct Program: Sendable {
    /// `TRIBUTARY_BIN`, or the program that was built with the tests; nil if there is neither.
    static let path: String? =
        ChildProcess.environment["TRIBUTARY_BIN"]
        ?? (access(Checkout.tributary, X_OK) == 0 ? Checkout.tributary : nil)

    private let scenario: Scenario
    private let directory: TemporaryDirectory
    private let kubeconfig: String
    private let processes = Locked<[ChildProcess]>([])

    private init(_ scenario: Scenario, _ cluster: ClusterConfiguration) throws {
        self.scenario = scenario
        directory = try TemporaryDirectory()
        kubeconfig = try directory.write("kubeconfig", cluster.kubeconfig)
    }

    /// Lets a test start the program, and stops all processes that still run afterwards.
    static func with(
        _ scenario: Scenario, as cluster: ClusterConfiguration? = nil, _ body: (Program) async throws -> Void
    ) async throws {
        let program = try Program(scenario, cluster ?? scenario.operatorCluster)
        var failure: (any Error)?
        do { try await body(program) } catch {
            let logs = program.processes.withLock { $0.map { $0.log.suffix(3000) } }
            failure = WaitingError(description: "\(error)\n\(logs.joined(separator: "\n---\n"))")
        }
        for process in program.processes.withLock({ $0 }) { await process.stop() }
        program.directory.remove()
        if let failure { throw failure }
    }

    /// Starts `tributary run`, or another command, for the scenario's namespace.
    func start(
        _ arguments: [String], command: String = "run", path other: String? = nil, environment: [String: String] = [:]
    ) throws -> ChildProcess {
        let path = try #require(other ?? Self.path)
        let log = directory.path("log-\(processes.withLock { $0.count })")
        var all = ["--kubeconfig", kubeconfig, "--namespace", scenario.namespace] + arguments
        if other == nil { all.insert(command, at: 0) }
        if command == "run", other == nil, !arguments.contains("--metrics-bind-address") {
            all += ["--metrics-bind-address", "0"]
        }
        let process = try ChildProcess(path, all, environment: environment, logPath: log)
        processes.withLock { $0.append(process) }
        return process
    }
}

extension ClusterConfiguration {
    /// The same as a kubeconfig, as far as scenarios use it.
    var kubeconfig: String {
        var cluster = "server: \"\(server)\""
        if case .file(let path) = authorities { cluster += ", certificate-authority: \"\(path)\"" }
        var user = ""
        if case .token(let token) = authentication { user = "token: \"\(token.value)\"" }
        if case .tokenFile(let path) = authentication { user = "tokenFile: \"\(path)\"" }
        return """
            apiVersion: v1
            kind: Config
            current-context: scenario
            contexts: [{name: scenario, context: {cluster: scenario, user: scenario}}]
            clusters: [{name: scenario, cluster: {\(cluster)}}]
            users: [{name: scenario, user: {\(user)}}]
            """
    }
}
