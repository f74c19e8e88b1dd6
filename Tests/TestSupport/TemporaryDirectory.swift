import FoundationEssentials

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

    /// Writes a file anywhere.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        guard let file = fopen(path, "w") else { throw FileError(description: "cannot write \(path)") }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
            throw FileError(description: "cannot write \(path)")
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

    /// Whether there is a file or folder.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The names of a folder's entries, sorted; empty if the folder does not exist.
    public static func names(in path: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// Removes the folder with its contents.
    public func remove() {
        try? FileManager.default.removeItem(atPath: root)
    }
}
