#if canImport(Glibc)
import Glibc
#endif
import FoundationEssentials

/// A file that the command line names, with its bytes. Reading is bounded, so that no file is too large or endless.
struct InputFile {
    /// The file's name in messages.
    var name: String
    var bytes: [UInt8]

    /// The largest file that is read: 64 MiB, as for ``YAML``.
    static let maximumBytes = 64 << 20

    init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Reads a file; `-` is standard input.
    init(reading path: String) throws(CommandFailure) {
        let name = Self.name(of: path)
        Progress.shared.step("reading \(name)")
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(name, Self.systemError) }
        defer { if path != "-" { close(descriptor) } }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > Self.maximumBytes {
            throw Self.failure(name, "has \(status.st_size) bytes; at most \(Self.maximumBytes >> 20) MiB are read")
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Self.failure(name, Self.systemError) }
            if count == 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= Self.maximumBytes else {
                throw Self.failure(
                    name, "has more than \(Self.maximumBytes) bytes; at most \(Self.maximumBytes >> 20) MiB are read")
            }
        }
        self.init(name: name, bytes: bytes)
    }

    /// Reads the file at a path, or for a folder the `.yaml`, `.yml` and `.json` files in it and its folders, sorted by
    /// name.
    ///
    /// Hidden files and folders are left out, and so is `kustomization.yaml`, which is not a manifest.
    static func forEach(in path: String, _ body: (Result<InputFile, CommandFailure>) -> Void) {
        guard path != "-", isFolder(path) == true else {
            body(Result { () throws(CommandFailure) in try InputFile(reading: path) })
            return
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            body(.failure(failure(path, "the folder cannot be read")))
            return
        }
        for name in names.sorted() where !name.hasPrefix(".") {
            let inner = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
            guard let isFolder = isFolder(inner) else { continue }
            let isManifest = [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) } && name != "kustomization.yaml"
            if isFolder || isManifest { forEach(in: inner, body) }
        }
    }

    /// A path as messages name it.
    static func name(of path: String) -> String { path == "-" ? "<stdin>" : path }

    /// Whether a path leads to a folder; nil where it leads to nothing.
    private static func isFolder(_ path: String) -> Bool? {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) ? isFolder : nil
    }

    private static func failure(_ name: String, _ reason: String) -> CommandFailure {
        CommandFailure(line: "\(name): error: \(reason)")
    }

    private static var systemError: String {
        errno == ENOENT ? "no such file or folder" : "cannot be read: \(String(cString: strerror(errno)))"
    }
}
