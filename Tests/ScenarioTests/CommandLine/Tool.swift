import Kube
import Subprocess
import TestSupport
import Testing

/// The program as people run it: `tributary` as it was built beside these tests.
struct Tool {
    /// What one run gave.
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

    /// Runs the program to its end; 60 s are more than any of its commands takes.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await withThrowingTaskGroup(of: Outcome.self) { group in
            group.addTask { try await capture(arguments, input, environment) }
            group.addTask {
                try await Task.sleep(for: .seconds(60))
                throw WaitingError(description: "waited 60 s in vain: tributary \(arguments) ends")
            }
            defer { group.cancelAll() }
            guard let outcome = try await group.next() else { throw CancellationError() }
            return outcome
        }
    }

    private static func capture(
        _ arguments: [String], _ input: String, _ environment: [String: String]
    ) async throws -> Outcome {
        let variables = Dictionary(
            uniqueKeysWithValues: environment.compactMap { name, value in
                Environment.Key(rawValue: name).map { ($0, Optional(value)) }
            })
        let result = try await Subprocess.run(
            .path(.init(Checkout.tributary)), arguments: Arguments(arguments),
            environment: .inherit.updating(variables),
            workingDirectory: .init(Checkout.root), input: .array(Array(input.utf8)), output: .bytes(limit: 64 << 20),
            error: .bytes(limit: 1 << 20))
        let code: Int32
        switch result.terminationStatus {
        case .exited(let status): code = Int32(status)
        case .signaled(let signal): code = -Int32(signal)
        }
        return Outcome(
            code: code, output: String(decoding: result.standardOutput, as: UTF8.self),
            errors: String(decoding: result.standardError, as: UTF8.self))
    }
}
