import Glibc

/// The URLs of programs in pods.
enum PodURL {
    /// A URL at a pod's address; nil if the address is invalid.
    static func make(_ address: String, scheme: String = "http", port: Int, path: String) -> String? {
        var buffer = in6_addr()
        if inet_pton(AF_INET, address, &buffer) == 1 { return "\(scheme)://\(address):\(port)\(path)" }
        if inet_pton(AF_INET6, address, &buffer) == 1 { return "\(scheme)://[\(address)]:\(port)\(path)" }
        return nil
    }
}
