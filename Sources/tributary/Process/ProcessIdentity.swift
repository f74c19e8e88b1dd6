import Kube

#if canImport(Glibc)
import Glibc
#endif

/// What distinguishes this process from others that run the same program.
enum ProcessIdentity {
    /// The pod that this process runs in, from `POD_NAME` and `POD_NAMESPACE`; nil where they are not set.
    static var pod: ObjectKey? {
        guard let name = getenv("POD_NAME"), let namespace = getenv("POD_NAMESPACE") else { return nil }
        return ObjectKey(namespace: String(cString: namespace), name: String(cString: name))
    }

    /// The host's name, which in a cluster is the pod's, and a new random number.
    static func make() -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(host)_\(String(UInt64.random(in: .min ... .max), radix: 16))"
    }
}
