import ArgumentParser
import Kube
import KubeClient

#if canImport(Glibc)
import Glibc
#endif

/// Which cluster a command talks to.
struct ClusterOptions: ParsableArguments {
    @Option(help: "The kubeconfig file.")
    var kubeconfig: String?

    @Option(help: "The kubeconfig's context; its current one where absent.")
    var context: String?

    /// The cluster's address and credentials; prints why there are none and ends with 1.
    func load() throws -> ClusterConfiguration {
        do {
            return try ClusterConfiguration.load(
                kubeconfig: kubeconfig, context: context)
        } catch {
            Output.error("error: \(error)")
            throw ExitCode(1)
        }
    }
}

/// What tells this process from others that run the same program.
enum Identity {
    /// The pod that this process runs in, where the environment says so.
    static var pod: ObjectKey? {
        guard let name = getenv("POD_NAME"), let namespace = getenv("POD_NAMESPACE") else { return nil }
        return ObjectKey(namespace: String(cString: namespace), name: String(cString: name))
    }

    /// The host's name, which in a cluster is the pod's, and a number drawn anew.
    static func make() -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(host)_\(String(UInt64.random(in: .min ... .max), radix: 16))"
    }
}
