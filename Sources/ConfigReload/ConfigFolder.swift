#if canImport(Glibc)
import Glibc
#endif

/// A folder with configuration files, as kubelet mounts a Secret or ConfigMap: read whole, written file by file.
public struct ConfigFolder: Sendable, Hashable {
    /// The folder's path.
    public let path: String

    /// What could not be read or written, and why.
    public struct FileError: Error, CustomStringConvertible {
        public var description: String
    }

    /// The most bytes that a file may have: many times what fits into a Secret.
    public static let mostBytes = 64 << 20

    /// A folder, which need not exist yet.
    public init(path: String) { self.path = path }

    /// The files by name; folders and names that begin with a point, such as kubelet's `..data`, are left out.
    public func read() throws(FileError) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try names() { files[name] = try read(name) }
        return files
    }

    private func names() throws(FileError) -> [String] {
        guard let names = directoryNames(path) else { throw failure("open", path) }
        return names.filter { name in
            var status = stat()
            // Through symbolic links: each file of a mounted Secret is one.
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
            guard bytes.count <= Self.mostBytes else {
                throw FileError(description: "\(file): has more than \(Self.mostBytes) bytes")
            }
        }
    }

    /// Writes a file in one step: whoever opens it sees the old content or the new one.
    public func write(_ name: String, _ content: [UInt8]) throws(FileError) {
        let temporary = "\(path)/.\(name).new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw failure("write", temporary) }
        var written = 0
        while written < content.count {
            let count = content[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let failure = failure("write", temporary)
                close(descriptor)
                unlink(temporary)
                throw failure
            }
            written += count
        }
        close(descriptor)
        guard rename(temporary, "\(path)/\(name)") == 0 else { throw failure("write", "\(path)/\(name)") }
    }

    /// Removes a file.
    public func remove(_ name: String) throws(FileError) {
        guard unlink("\(path)/\(name)") == 0 || errno == ENOENT else { throw failure("remove", "\(path)/\(name)") }
    }

    private func failure(_ verb: String, _ path: String) -> FileError {
        FileError(description: "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
