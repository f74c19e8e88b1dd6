import Kube
import KubeClient
import TestSupport

/// `tributary local --operator` with files: a small API server and an operator in one process.
struct RunningPlayground: Sendable {
    let kubeconfig: String
    let process: ChildProcess

    /// Runs it while a test uses it. What the test throws comes with the program's log.
    static func with(
        _ files: [String], program: String = Checkout.tributary, _ body: (RunningPlayground) async throws -> Void
    ) async throws {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let kubeconfig = folder.path("kubeconfig")
        let process = try ChildProcess(
            program, ["local", "--operator", "--write-kubeconfig", kubeconfig, "-f"] + files,
            logPath: folder.path("log"))
        var failure: (any Error)?
        do {
            try await waitUntil("it is ready") { process.log.contains("It runs until Ctrl-C.") }
            try await body(RunningPlayground(kubeconfig: kubeconfig, process: process))
        } catch {
            failure = WaitingError(description: "\(error)\n\(process.log)")
        }
        await process.stop()
        if let failure { throw failure }
    }

    /// Lets a test use a client of its API server.
    func withClient(_ body: (KubeClient) async throws -> Void) async throws {
        let cluster = try ClusterConfiguration.load(kubeconfig: kubeconfig, context: nil, environment: [:])
        let client = KubeClient(cluster, logger: quiet)
        do {
            try await body(client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }
}
