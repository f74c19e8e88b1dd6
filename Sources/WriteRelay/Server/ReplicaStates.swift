/// Which replicas of the central Prometheus a write has to reach.
///
/// A replica that is down holds up writes for a while, so that senders keep them and a restart costs nothing. After that
/// writes go on without it, as long as another replica is up, and one write at a time is sent to it to find out whether it
/// is back.
struct ReplicaStates: Sendable {
    private enum State {
        case up
        case failing(since: ContinuousClock.Instant)
        case left(isAsked: Bool)
    }

    /// What becomes of a write at a replica.
    enum Part: Sendable, Hashable {
        /// The write succeeds only if it succeeds here.
        case required
        /// The write is sent to find out whether the replica is back. Its answer does not count.
        case probe
        /// The write is not sent: the replica does not get it.
        case none
    }

    /// A change that people should know of.
    enum Event: Sendable, Hashable {
        case lost(Int)
        case left(Int)
        case back(Int)
    }

    private var states: [State]
    private let patience: Duration

    init(count: Int, patience: Duration) {
        states = Array(repeating: .up, count: count)
        self.patience = patience
    }

    /// Whether writes wait for a replica.
    func isRequired(_ replica: Int) -> Bool { if case .left = states[replica] { false } else { true } }

    /// Whether a replica answered the last time.
    func isUp(_ replica: Int) -> Bool { if case .up = states[replica] { true } else { false } }

    /// What becomes of a new write at each replica.
    mutating func parts() -> [Part] {
        states.indices.map { index in
            guard case .left(let isAsked) = states[index] else { return .required }
            states[index] = .left(isAsked: true)
            return isAsked ? .none : .probe
        }
    }

    /// Takes in whether replicas took part in writes, and returns what has changed.
    ///
    /// A replica is left behind only while another one is up: without any, senders keep everything.
    mutating func note(_ found: [(replica: Int, isThere: Bool)], at now: ContinuousClock.Instant) -> [Event] {
        var events: [Event] = []
        for (replica, isThere) in found {
            switch (states[replica], isThere) {
            case (.up, true): break
            case (_, true):
                states[replica] = .up
                events.append(.back(replica))
            case (.up, false):
                states[replica] = .failing(since: now)
                events.append(.lost(replica))
            case (.failing, false): break
            case (.left, false): states[replica] = .left(isAsked: false)
            }
        }
        guard states.indices.contains(where: isUp) else { return events }
        for (index, state) in states.enumerated() {
            guard case .failing(let since) = state, now - since >= patience else { continue }
            states[index] = .left(isAsked: false)
            events.append(.left(index))
        }
        return events
    }
}
