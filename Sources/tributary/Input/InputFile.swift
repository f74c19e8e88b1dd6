#if canImport(Glibc)
import Glibc
#endif
import FoundationEssentials
import Hashring
import YAML

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
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > Self.maximumBytes {
            throw Failure(
                line: "\(name): error: has \(status.st_size) bytes, more than the \(Self.maximumBytes >> 20) MiB that "
                    + "are read")
        }
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
            let (position, text) = error.located(in: HashringPositions(bytes))
            throw Failure(
                line: "\(name):\(position): error: \(text): receivers refuse the file or misread it")
        }
    }

    /// Why this is no text in UTF-8; nil where it may be.
    var encodingFault: YAMLError? {
        func fault(_ offset: Int, _ reason: String) -> YAMLError {
            let before = bytes[..<offset]
            let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let line = before.count { $0 == UInt8(ascii: "\n") } + 1
            return YAMLError(position: YAMLPosition(line: line, column: offset - start + 1), reason: reason)
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return fault(0, "the text is UTF-16, and Thanos reads UTF-8: save it as UTF-8")
        }
        guard let zero = bytes.firstIndex(of: 0) else { return nil }
        return fault(zero, "a byte 0 is in it, as in no text: found something else, expected UTF-8")
    }
}

extension HashringFileError {
    /// Where in the text it is, and what to say of it.
    func located(in positions: HashringPositions) -> (position: YAMLPosition, text: String) {
        let (position, text) =
            switch place {
            case .offset(let offset): (positions.position(ofByte: offset), "not valid JSON: \(reason)")
            case .field(let field): (positions.position(of: field), "\(self)")
            }
        return (YAMLPosition(line: position.line, column: position.column), text)
    }
}
