import Kube

#if canImport(Glibc)
import Glibc
#endif

/// A free port on loopback, which this process returns only once.
///
/// It is below the ports that Linux uses for outgoing connections, so that no connection takes it before a program
/// listens.
public func freePort() throws -> Int {
    for _ in 0..<1000 {
        let port = UInt16.random(in: 10000..<32768)
        if canListen(on: port), givenPorts.withLock({ $0.insert(port).inserted }) { return Int(port) }
    }
    throw TemporaryDirectory.FileError(description: "found no free port on loopback")
}

/// A random address in 127.0.0.0/8 on which a port is free, for programs with a fixed port.
///
/// Concurrent tests get different addresses, since it is random.
public func freeLoopbackAddress(port: UInt16) throws -> String {
    for _ in 0..<1000 {
        let address = "127.\((1...3).map { _ in "\(Int.random(in: 1...254))" }.joined(separator: "."))"
        if canListen(on: port, at: address) { return address }
    }
    throw TemporaryDirectory.FileError(description: "found no loopback address with a free port \(port)")
}

private let givenPorts = Locked(Set<UInt16>())

private func canListen(on port: UInt16, at host: String = "127.0.0.1") -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr(host)
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
            bind(descriptor, generic, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
