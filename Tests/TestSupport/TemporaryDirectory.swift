import FoundationEssentials
import Kube

#if canImport(Glibc)
import Glibc
#endif

/// A temporary folder of one test.
public struct TemporaryDirectory: Sendable {
    /// The path of the folder.
    public let root: String

    /// A file or folder that cannot be read or written.
    public struct FileError: Error, CustomStringConvertible {
        public var description: String
    }

    /// Creates a new, empty folder.
    public init() throws {
        var template = Array("/tmp/tributary-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw FileError(description: "cannot create a temporary folder") }
        root = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The path of a file in the folder.
    public func path(_ name: String) -> String { "\(root)/\(name)" }

    /// Writes a text file and creates its folders. Returns its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String { try write(name, Array(text.utf8)) }

    /// Writes a file and creates its folders. Returns its path.
    @discardableResult
    public func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let parts = name.split(separator: "/")
        for count in 1..<max(parts.count, 1) { mkdir(path(parts.prefix(count).joined(separator: "/")), 0o700) }
        guard let file = fopen(path(name), "w") else { throw FileError(description: "cannot write \(path(name))") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw FileError(description: "cannot write \(path(name))")
        }
        return path(name)
    }

    /// Replaces a file atomically: readers get either the old or the new file.
    public func replace(_ name: String, _ text: String) throws {
        try write("\(name).new", text)
        guard rename(path("\(name).new"), path(name)) == 0 else {
            throw FileError(description: "cannot replace \(path(name))")
        }
    }

    /// Reads a file.
    public static func read(_ path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw FileError(description: "cannot read \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[0..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The names of a folder's entries, sorted; empty if the folder does not exist.
    public static func names(in path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// Removes the folder with its contents.
    public func remove() {
        try? FileManager.default.removeItem(atPath: root)
    }
}

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
