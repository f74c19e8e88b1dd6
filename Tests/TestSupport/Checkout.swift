import FoundationEssentials

#if canImport(Glibc)
import Glibc
#endif

/// The repository that the tests were built from, and the program that was built with them.
public enum Checkout {
    /// The root of the repository, without symbolic links.
    public static let root: String = {
        let resolved = realpath(#filePath, nil)
        defer { free(resolved) }
        return parent(of: resolved.map { String(cString: $0) } ?? #filePath, 3)
    }()

    /// The path of the program `tributary` that was built with the tests.
    public static let tributary: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let tests = String(decoding: buffer.prefix(max(count, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let beside = "\(parent(of: tests, 1))/tributary"
        // If a tool of the compiler loads the tests, the program is in its usual folder.
        return access(beside, X_OK) == 0 ? beside : "\(root)/.build/debug/tributary"
    }()

    /// Reads a file of the repository by its path from the root.
    public static func read(_ path: String) throws -> String { try TemporaryDirectory.read("\(root)/\(path)") }

    /// The paths from the root of all entries of a folder of the repository, sorted.
    public static func list(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)").sorted().map { "\(folder)/\($0)" }
    }

    private static func parent(of path: String, _ levels: Int) -> String {
        path.split(separator: "/").dropLast(levels).reduce(into: "") { $0 += "/\($1)" }
    }
}
