import Kube

/// `kubectl proxy` on loopback: plain HTTP in front of an API server, with the credentials of a kubeconfig.
public final class KubectlProxy: Sendable {
    /// The port on 127.0.0.1.
    public let port: Int
    private let directory: TemporaryDirectory
    private let process: ChildProcess

    /// Starts it with the kubectl next to kube-apiserver, and waits until it listens.
    public init(kubeconfig: String) async throws {
        guard let path = ChildProcess.find("kubectl", in: RealAPIServer.assets.map { [$0] } ?? []) else {
            throw WaitingError(description: "kubectl is not found next to kube-apiserver")
        }
        let directory = try TemporaryDirectory()
        self.directory = directory
        port = try freePort()
        let process = try ChildProcess(
            path, ["proxy", "--port=\(port)", "--kubeconfig", try directory.write("kubeconfig", kubeconfig)],
            logPath: directory.path("log"))
        self.process = process
        do {
            try await waitUntil("kubectl proxy listens", within: .seconds(30)) {
                guard process.isRunning else { throw WaitingError(description: "kubectl proxy ended: \(process.log)") }
                return process.log.contains("Starting to serve")
            }
        } catch {
            await stop()
            throw error
        }
    }

    /// Ends it.
    public func stop() async {
        await process.stop()
        directory.remove()
    }
}
