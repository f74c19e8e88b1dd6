import CSpawn
#if canImport(Glibc)
import Glibc
#endif
import Kube

/// A program that a test runs as a child process, with its output in a file.
public final class ChildProcess: Sendable {
    /// The process id.
    public let pid: pid_t
    /// The path of the file with standard output, and with standard error unless that has its own file.
    public let logPath: String
    private let status = Locked<Int32?>(nil)

    /// Why a program could not be started.
    public struct StartError: Error, CustomStringConvertible {
        public var description: String
    }

    /// Starts a program. Its standard input is a file, by default an empty one. Its output goes to `logPath`, and its
    /// errors to `errorPath`, by default the same file. The caller has to stop it. It outlives a test that crashes.
    public init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:],
        input: String = "/dev/null", logPath: String, errorPath: String? = nil
    ) throws {
        self.logPath = logPath
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, logPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        if let errorPath {
            posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        } else {
            posix_spawn_file_actions_adddup2(&actions, 1, 2)
        }
        // A connection that a child has too stays open after this process has closed it, and its peer waits for nothing. What
        // other threads open meanwhile counts as well, so the child closes whatever it finds.
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        var merged = Self.environment
        for (key, value) in environment { merged[key] = value }
        var argv: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = merged.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, path, &actions, nil, &argv, &envp)
        guard code == 0 else {
            throw StartError(description: "cannot start \(path): \(String(cString: strerror(code)))")
        }
        pid = child
    }

    /// This process's environment.
    public static var environment: [String: String] {
        var result: [String: String] = [:]
        var next = environ
        while let entry = next.pointee {
            let text = String(cString: entry)
            if let equals = text.firstIndex(of: "=") {
                result[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            next += 1
        }
        return result
    }

    /// The path of a program in the given folders or in `PATH`; nil if it is not installed.
    public static func find(_ name: String, in folders: [String] = []) -> String? {
        let path = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (folders + path + ["/usr/sbin"]).map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// Whether the program still runs.
    public var isRunning: Bool { exitStatus == nil }

    /// The wait status; nil while the program runs.
    public var exitStatus: Int32? {
        status.withLock { status in
            if status == nil {
                var code: Int32 = 0
                if waitpid(pid, &code, WNOHANG) == pid { status = code }
            }
            return status
        }
    }

    /// Sends a signal if the program still runs.
    public func signal(_ number: Int32) {
        if isRunning { kill(pid, number) }
    }

    /// Stops the program with SIGTERM, and with SIGKILL if it still runs after `patience`.
    public func stop(patience: Duration = .seconds(10)) async {
        signal(SIGTERM)
        try? await waitUntil("\(pid) ends", within: patience) { !self.isRunning }
        if isRunning {
            signal(SIGKILL)
            _ = try? await waitUntil("\(pid) is killed", within: .seconds(5)) { !self.isRunning }
        }
    }

    /// The program's log so far.
    public var log: String { (try? TemporaryDirectory.read(logPath)) ?? "" }

    /// Runs a program until it ends, and returns its exit code and output.
    public static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:],
        within limit: Duration = .seconds(60)
    ) async throws -> (code: Int32, output: String) {
        let directory = try TemporaryDirectory()
        defer { directory.remove() }
        let child = try ChildProcess(path, arguments, environment: environment, logPath: directory.path("output"))
        do {
            try await waitUntil("\(path) ends", within: limit) { !child.isRunning }
        } catch {
            await child.stop()
            throw error
        }
        let status = child.exitStatus ?? -1
        let code = status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F)
        return (code, child.log)
    }
}
