import Kube

/// Bounds how many requests are served at the same time and how much memory they need together.
final class Admission: Sendable {
    private struct State {
        /// The memory of each request that is served, by the number of its ticket.
        var held: [Int: Int] = [:]
        var bytes = 0
        var next = 0
    }

    private let state = Locked(State())
    private let requests: Int
    private let bytes: Int

    init(requests: Int, bytes: Int) {
        self.requests = requests
        self.bytes = bytes
    }

    /// The number of requests that are served.
    var count: Int { state.withLock { $0.held.count } }

    /// A place for a request; nil if there is none.
    func ticket() -> Ticket? {
        let number: Int? = state.withLock { state in
            guard state.held.count < requests else { return nil }
            state.next += 1
            state.held[state.next] = 0
            return state.next
        }
        return number.map { Ticket(self, $0) }
    }

    /// The place of a request, which it has as long as this object lives.
    final class Ticket: Sendable {
        private let admission: Admission
        private let number: Int

        fileprivate init(_ admission: Admission, _ number: Int) {
            self.admission = admission
            self.number = number
        }

        deinit {
            admission.state.withLock { state in state.bytes -= state.held.removeValue(forKey: number) ?? 0 }
        }

        /// Sets how much memory the request needs; false if there is not enough, and what it has stays.
        func reserve(_ bytes: Int) -> Bool {
            admission.state.withLock { state in
                let more = bytes - (state.held[number] ?? 0)
                guard more <= 0 || state.bytes + more <= admission.bytes else { return false }
                state.bytes += more
                state.held[number] = bytes
                return true
            }
        }
    }
}
