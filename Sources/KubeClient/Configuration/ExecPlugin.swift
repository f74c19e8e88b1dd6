import Kube

/// A program that provides credentials: `client.authentication.k8s.io` ExecCredential, v1 or v1beta1.
public struct ExecPlugin: Sendable, Hashable {
    /// The `apiVersion` of the ExecCredential that the program must return.
    var apiVersion = "client.authentication.k8s.io/v1"
    /// The program: a path, or a name to look up in `PATH`.
    var command: String
    var arguments: [String] = []
    /// Variables in addition to the environment of this process.
    var environment: [String: Redacted<String>] = [:]
    /// The hint for the user if the program is not installed.
    var installHint: String?
    /// The description of the cluster for the program; nil if it does not request one.
    var clusterInfo: Redacted<JSON>?
    /// The time limit of the program.
    var timeout: Duration = .seconds(60)
}

extension ExecPlugin {
    /// The name of the plugin for messages, without arguments and environment, which may contain secrets.
    var subject: String { "exec plugin \"\(command)\"" }
}
