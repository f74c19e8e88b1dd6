#if canImport(Glibc)
import Glibc
#endif
import FoundationEssentials
import Hashring

/// A file that a command was given, read up to a bound so that nothing huge or endless is taken in.
struct InputFile {
    /// How messages name it.
    var name: String
    var bytes: [UInt8]

    /// More than anything that belongs into a cluster.
    static let maximumBytes = 64 << 20

    /// Why a file was not read: a whole line that starts with the file.
    struct Failure: Error {
        var line: String
    }

    /// Reads a file; `-` is standard input.
    init(reading path: String) throws(Failure) {
        let name = path == "-" ? "<stdin>" : path
        self.name = name
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let reason = errno == ENOENT ? "found nothing there, expected a file" : String(cString: strerror(errno))
            throw Failure(line: "\(name): error: \(reason)")
        }
        defer { if path != "-" { close(descriptor) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else {
                throw Failure(line: "\(name): error: it cannot be read: \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= Self.maximumBytes else {
                throw Failure(line: "\(name): error: has more than the \(Self.maximumBytes >> 20) MiB that are read")
            }
        }
        self.bytes = bytes
    }

    /// Files, and for folders the `.yaml`, `.yml` and `.json` files in them, in the order of their names.
    static func expand(_ paths: [String]) -> [String] {
        paths.flatMap { path -> [String] in
            var isDirectory = false
            guard path != "-", FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory,
                let names = try? FileManager.default.contentsOfDirectory(atPath: path)
            else { return [path] }
            let inner = names.sorted().filter { name in
                let isInput = [".yaml", ".yml", ".json"].contains { name.hasSuffix($0) }
                var isFolder = false
                return !name.hasPrefix(".") && name != "kustomization.yaml"
                    && FileManager.default.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
                    && (isInput || isFolder)
            }
            return expand(inner.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" })
        }
    }
}

extension InputFile {
    /// More than any hashring or limits file is; a ConfigMap ends at 1 MiB.
    static let maximumThanosBytes = 4 << 20

    /// The hashring file that this is.
    func hashrings() throws(Failure) -> HashringFile {
        guard bytes.count <= Self.maximumThanosBytes else {
            throw Failure(
                line:
                    "\(name):1:1: error: has \(bytes.count) bytes, more than the \(Self.maximumThanosBytes >> 20) MiB "
                    + "that a hashring file may have")
        }
        do throws(HashringFileError) {
            return try HashringFile(parsing: bytes)
        } catch {
            let positions = HashringPositions(bytes)
            let (position, text) =
                switch error.place {
                case .offset(let offset): (positions.position(ofByte: offset), "not valid JSON: \(error.reason)")
                case .field(let field): (positions.position(of: field), "\(error)")
                }
            throw Failure(
                line: "\(name):\(position.line):\(position.column): error: \(text): receivers refuse the file or "
                    + "misread it")
        }
    }
}
