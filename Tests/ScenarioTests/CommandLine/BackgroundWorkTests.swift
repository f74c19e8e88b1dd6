import Kube
import Testing

@testable import tributary

/// What `tributary local --operator` and `tributary demo` do with an operator that ends before them.
@Suite(.timeLimit(.minutes(5))) struct `The operator of a playground` {
    private struct Failure: Error, Equatable {
        var reason: String
    }

    /// Runs until the task is cancelled.
    @Sendable private static func runForever() async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        for await _ in stream {}
        continuation.finish()
        try Task.checkCancellation()
    }

    @Test func `An operator that ends with an error ends the command with that error`() async {
        await #expect(throws: Failure(reason: "the address is taken")) {
            try await withBackgroundWork(
                "the operator", { throw Failure(reason: "the address is taken") }, Self.runForever)
        }
    }

    @Test func `An operator that stops without an error ends the command with an error, too`() async {
        let error = await #expect(throws: BackgroundWorkEnded.self) {
            try await withBackgroundWork("the operator", {}, Self.runForever)
        }
        #expect(error?.description == "the operator has stopped unexpectedly")
    }

    @Test func `An operator is cancelled when the command is done, and may finish first`() async throws {
        let ends = Locked<[String]>([])
        let result = try await withBackgroundWork(
            "the operator",
            {
                do {
                    try await Self.runForever()
                } catch {
                    ends.withLock { $0.append("\(type(of: error))") }
                    throw error
                }
            }, { "done" })
        #expect(result == "done")
        #expect(ends.withLock { $0 } == ["CancellationError"])
    }

    @Test func `An operator that fails while it shuts down ends the command with its error`() async {
        await #expect(throws: Failure(reason: "the lease was lost")) {
            try await withBackgroundWork(
                "the operator",
                {
                    try? await Self.runForever()
                    throw Failure(reason: "the lease was lost")
                }, {})
        }
    }

    @Test func `A command that fails ends its operator and keeps its own error`() async {
        await #expect(throws: Failure(reason: "a manifest is wrong")) {
            try await withBackgroundWork(
                "the operator", Self.runForever, { throw Failure(reason: "a manifest is wrong") })
        }
    }
}
