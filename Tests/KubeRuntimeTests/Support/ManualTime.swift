import Kube
import KubeRuntime
import Testing

/// A clock that stands still until it is turned.
final class ManualTime: Sendable {
    private struct State {
        var now = Duration.seconds(1000)
        var sleepers: [UInt64: (due: Duration, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var nextID: UInt64 = 0
    }

    private let state = Locked(State())

    var now: Duration { state.withLock { $0.now } }
    /// When the sleepers will wake, the next one first, from now.
    var naps: [Duration] { state.withLock { state in state.sleepers.values.map { $0.due - state.now }.sorted() } }

    var source: TimeSource {
        TimeSource(
            now: { self.now }, sleep: { try await self.sleep($0) },
            wall: {
                let now = self.now.components
                return Timestamp(
                    seconds: 1_700_000_000 + now.seconds, nanoseconds: Int32(now.attoseconds / 1_000_000_000))
            }, random: { 0.5 })
    }

    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now += duration
            let due = state.sleepers.filter { $0.value.due <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.due < $1.due }
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    private func sleep(_ duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if Task.isCancelled { return .failure(CancellationError()) }
                    if duration <= .zero { return .success(()) }
                    state.sleepers[id] = (state.now + duration, continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }
}

/// Waits until a condition holds, and fails the test if that takes longer than ten seconds.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let start = ContinuousClock.now
    while try await !condition() {
        guard ContinuousClock.now - start < .seconds(60) else {
            Issue.record(what, sourceLocation: sourceLocation)
            throw CancellationError()
        }
        try await Task.sleep(for: .milliseconds(1))
    }
}

/// A list that tasks and closures add to.
final class Recording<Element: Sendable>: Sendable {
    private let elements = Locked<[Element]>([])
    var all: [Element] { elements.withLock { $0 } }
    func append(_ element: Element) { elements.withLock { $0.append(element) } }
}
