import TestSupport
import Testing

/// The program `tributary` that was built together with these tests, as people run it.
struct Tool {
    /// The result of one run.
    struct Outcome {
        var code: Int32
        var output: String
        var errors: String

        /// The lines on standard error.
        var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
    }

    /// Runs the program to its end.
    static func run(
        _ arguments: String..., input: String = "", environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await run(arguments, input: input, environment: environment)
    }

    /// Runs the program to its end, for at most two minutes, which is enough on a busy machine.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) async throws -> Outcome {
        let folder = try TemporaryDirectory()
        defer { folder.remove() }
        let child = try ChildProcess(
            "/bin/sh", ["-c", #"cd "$0" && exec "$@""#, Checkout.root, Checkout.tributary] + arguments,
            environment: environment, input: try folder.write("input", input), logPath: folder.path("output"),
            errorPath: folder.path("errors"))
        do {
            try await waitUntil("tributary \(arguments) ends", within: .seconds(120)) { !child.isRunning }
        } catch {
            await child.stop()
            throw error
        }
        let status = child.exitStatus ?? -1
        return Outcome(
            code: status & 0x7F == 0 ? (status >> 8) & 0xFF : -(status & 0x7F), output: child.log,
            errors: try TemporaryDirectory.read(folder.path("errors")))
    }
}
