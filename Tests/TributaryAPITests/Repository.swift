#if canImport(Glibc)
import Glibc
#endif
import Kube
import TributaryAPI
import YAML

/// Files of the repository that the tests read.
enum Repository {
    struct Failure: Error { var description: String }

    /// The repository's root, whatever links lead to this file.
    static let root: String = {
        let resolved = realpath(#filePath, nil)
        defer { free(resolved) }
        let path = resolved.map { String(cString: $0) } ?? #filePath
        return path.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/\($1)" }
    }()

    static func read(_ path: String) throws -> [UInt8] {
        guard let file = fopen("\(root)/\(path)", "r") else { throw Failure(description: "no file \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            if count == 0 { return bytes }
            bytes += buffer.prefix(count)
        }
    }

    static func write(_ text: String, to path: String) throws {
        guard let file = fopen("\(root)/\(path)", "w") else { throw Failure(description: "cannot write \(path)") }
        defer { fclose(file) }
        fputs(text, file)
    }

    /// The names in a folder, sorted.
    static func list(_ path: String) throws -> [String] {
        guard let folder = opendir("\(root)/\(path)") else { throw Failure(description: "no folder \(path)") }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// Every document of every YAML file of every example, with the file's name.
    static func examples() throws -> [(file: String, object: Object)] {
        try list("examples").filter { $0 != "README.md" }.flatMap { folder in
            try list("examples/\(folder)").filter { $0.hasSuffix(".yaml") }.flatMap { name in
                let file = "examples/\(folder)/\(name)"
                return try YAML.parse(try read(file), file: file).map { (file, Object($0.value)) }
            }
        }
    }

    static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}

/// An object from YAML.
func object(_ yaml: String) throws -> Object { Object(try YAML.parseOne(yaml).value) }
