import Kube

/// Bounds how many requests are served at the same time and how much memory they need together.
final class Admission: Sendable {
    private struct State {
        var requests = 0
        var bytes = 0
    }

    private let state = Locked(State())
    private let requests: Int
    private let bytes: Int

    init(requests: Int, bytes: Int) {
        self.requests = requests
        self.bytes = bytes
    }

    /// The number of requests that are served.
    var count: Int { state.withLock { $0.requests } }

    /// A place for a request; nil if there is none.
    func ticket() -> Ticket? {
        let isFree = state.withLock { state in
            guard state.requests < requests else { return false }
            state.requests += 1
            return true
        }
        return isFree ? Ticket(self) : nil
    }

    /// The place of a request, which it has as long as this object lives.
    final class Ticket: Sendable {
        private let admission: Admission
        private let held = Locked(0)

        fileprivate init(_ admission: Admission) { self.admission = admission }

        deinit {
            let bytes = held.withLock { $0 }
            admission.state.withLock {
                $0.requests -= 1
                $0.bytes -= bytes
            }
        }

        /// Sets how much memory the request needs; false if there is not enough, and what it has stays.
        func reserve(_ bytes: Int) -> Bool {
            held.withLock { held in
                let more = bytes - held
                let isFree = admission.state.withLock { state in
                    guard more <= 0 || state.bytes + more <= admission.bytes else { return false }
                    state.bytes += more
                    return true
                }
                if isFree { held = bytes }
                return isFree
            }
        }
    }
}
