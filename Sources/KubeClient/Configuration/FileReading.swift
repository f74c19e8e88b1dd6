import Glibc

/// Reads small files as a whole.
enum FileReading {
    /// The most bytes of a configuration file.
    static let limit = 4 * 1024 * 1024

    /// Reads a file. Errors have its path and its purpose.
    static func read(_ path: String, as name: String) throws(KubeClientError) -> [UInt8] {
        func fail(_ problem: String) -> KubeClientError {
            KubeClientError(.configuration, subject: "\(name) \(path)", problem)
        }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw fail("cannot be read: \(systemError)") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fail("cannot be read: \(systemError)") }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw fail("found a directory, expected a file") }
        var bytes: [UInt8] = []
        let piece = 64 * 1024
        while true {
            let count = bytes.count
            let got = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: piece) { buffer -> Int in
                let got = Glibc.read(descriptor, buffer.baseAddress, piece)
                if got > 0 { bytes.append(contentsOf: buffer.prefix(got)) }
                return got
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw fail("cannot be read: \(systemError)") }
            guard count + got <= limit else { throw fail("is longer than \(limit) bytes") }
            if got == 0 { return bytes }
        }
    }

    /// Whether a file exists.
    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static var systemError: String { String(cString: strerror(errno)).lowercasedFirst }
}
