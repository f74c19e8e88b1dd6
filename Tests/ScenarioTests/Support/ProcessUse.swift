import TestSupport
import Testing

/// What a process holds of the machine, as the kernel counts it.
struct ProcessUse {
    /// Open files, sockets among them.
    var files: Int
    var threads: Int
    /// The memory that is its own and not of a file, in bytes.
    var memory: Int
    /// All memory that is in use, pages of files included, in bytes.
    var resident: Int

    init(of pid: Int32) throws {
        files = TemporaryDirectory.names(in: "/proc/\(pid)/fd").count
        threads = TemporaryDirectory.names(in: "/proc/\(pid)/task").count
        let status = try TemporaryDirectory.read("/proc/\(pid)/status")
        func bytes(_ name: String) throws -> Int {
            let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
            return try #require(line?.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first) << 10
        }
        (memory, resident) = (try bytes("RssAnon"), try bytes("VmRSS"))
    }
}
