import Kube
import TestSupport

/// The programs of one benchmark, which all end with it, and its folder.
final class Children: Sendable {
    let directory: TemporaryDirectory
    private let all = Locked<[ChildProcess]>([])

    private init() throws { directory = try TemporaryDirectory() }

    /// Starts a program.
    func start(
        _ name: String, _ path: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws -> ChildProcess {
        let child = try ChildProcess(
            path, arguments, environment: environment, logPath: directory.path("\(name).log"))
        all.withLock { $0.append(child) }
        return child
    }

    /// Runs `body`, and then ends the programs that it has started, the last one first.
    static func with(_ body: (Children) async throws -> Void) async throws {
        let children = try Children()
        defer { children.directory.remove() }
        do {
            try await body(children)
        } catch {
            await children.stop()
            throw error
        }
        await children.stop()
    }

    private func stop() async {
        for child in all.withLock({ $0.reversed() }) { await child.stop() }
    }
}
