#if canImport(Glibc)
import Glibc
#endif

/// A folder of configuration files, such as a Secret or ConfigMap mounted by the kubelet.
public struct ConfigFolder: Sendable, Hashable {
    /// The folder's path.
    public let path: String

    /// A file that cannot be read or written, and the reason.
    public struct FileError: Error, CustomStringConvertible {
        /// The operation, the file and the reason, on one line.
        public var description: String
    }

    /// The most bytes of a file: many times what fits into a Secret.
    private static let maximumBytes = 64 << 20

    /// Creates a folder, which need not exist yet.
    public init(path: String) { self.path = path }

    /// The files by name, except folders and names that start with a point, such as the kubelet's `..data`.
    func read() throws(FileError) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try names() { files[name] = try read(name) }
        return files
    }

    private func names() throws(FileError) -> [String] {
        guard let names = directoryNames(path) else { throw failure("open", path) }
        return names.filter { name in
            var status = stat()
            // Follows symbolic links: each file of a mounted Secret is one.
            return !name.hasPrefix(".") && stat("\(path)/\(name)", &status) == 0
                && status.st_mode & S_IFMT == S_IFREG
        }
    }

    private func read(_ name: String) throws(FileError) -> [UInt8] {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", file) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            guard count >= 0 else { throw failure("read", file) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= Self.maximumBytes else {
                throw FileError(description: "\(file): has more than \(Self.maximumBytes) bytes")
            }
        }
    }

    /// Writes a file atomically: readers see either the old or the new content.
    func write(_ name: String, _ content: [UInt8]) throws(FileError) {
        let temporary = "\(path)/.\(name).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw failure("write", temporary) }
        var written = 0
        while written < content.count {
            let count = content[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let failure = failure("write", temporary)
                close(descriptor)
                unlink(temporary)
                throw failure
            }
            written += count
        }
        // Some file systems say only now that there was no room.
        guard close(descriptor) == 0, rename(temporary, "\(path)/\(name)") == 0 else {
            let failure = failure("write", "\(path)/\(name)")
            unlink(temporary)
            throw failure
        }
    }

    /// Removes a file.
    func remove(_ name: String) throws(FileError) {
        guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else { throw failure("remove", "\(path)/\(name)") }
    }

    private func failure(_ verb: String, _ path: String) -> FileError {
        FileError(description: "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
