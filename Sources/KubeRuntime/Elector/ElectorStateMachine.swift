import Kube

/// How long a lease lasts, and how often it is renewed: client-go's numbers.
public struct ElectorTiming: Sendable, Hashable {
    /// How long others wait after the last change that they saw before they take the lease.
    public var lease: Duration = .seconds(15)
    /// How long the holder tries to renew before it stops leading.
    public var renewDeadline: Duration = .seconds(10)
    /// How long each process waits between tries.
    public var retry: Duration = .seconds(2)

    /// The usual numbers.
    public init() {}

    /// Other numbers; the lease must last longer than the deadline, and that longer than 1.2 tries.
    public init?(lease: Duration, renewDeadline: Duration, retry: Duration) {
        guard lease > renewDeadline, renewDeadline > retry * 1.2, retry > .zero else { return nil }
        self.lease = lease
        self.renewDeadline = renewDeadline
        self.retry = retry
    }

    /// How long one call may take, so that a call that hangs cannot lose the lease.
    var callTimeout: Duration { max(.seconds(1), renewDeadline / 2) }
}

/// The rules of leader election over a Lease, without tasks or clocks.
///
/// Timestamps of other processes are not trusted: a lease is free once its record has not changed for its duration *as
/// seen from here*. Writes carry the resource version that was read, so one of two candidates gets a conflict.
struct ElectorStateMachine {
    /// What has to be done next.
    enum Action: Equatable {
        case get
        case create(LeaseRecord)
        case update(LeaseRecord, resourceVersion: String)
        case wait(Duration)
        /// This process no longer leads and may not lead again: what the lease guarded has to stop.
        case stop
    }

    private enum Phase {
        case following
        /// The time is that of the last renewal's *start*: the server cannot have counted from earlier.
        case leading(renewedAt: Duration)
        case lost
    }

    let identity: String
    let timing: ElectorTiming
    let layout: String?
    private var phase = Phase.following
    private var known: (record: LeaseRecord, resourceVersion: String, seenAt: Duration)?
    private var writingSince = Duration.zero

    init(identity: String, timing: ElectorTiming, layout: String? = nil) {
        self.identity = identity
        self.timing = timing
        self.layout = layout
    }

    /// Whether this process may write: it holds the lease, and no other process can have taken it yet.
    func isLeading(now: Duration) -> Bool {
        timeLeft(now: now) > .zero
    }

    /// How long this process may still write if it does not renew the lease; not above zero if it may not.
    func timeLeft(now: Duration) -> Duration {
        if case .leading(let renewedAt) = phase { timing.lease - (now - renewedAt) } else { .zero }
    }

    /// Whether this process got the lease and has not lost it.
    var hasLease: Bool { if case .leading = phase { true } else { false } }

    /// The identity of the holder, as last read; nil if no process holds the lease.
    var holder: String? { known.flatMap { $0.record.holder.isEmpty ? nil : $0.record.holder } }

    /// When the lease is given up unless it is renewed before.
    var deadline: Duration? {
        if case .leading(let renewedAt) = phase { renewedAt + timing.renewDeadline } else { nil }
    }

    /// The time for a try has come; `wall` is the time to write into the lease.
    mutating func tick(now: Duration, wall: Timestamp) -> Action {
        switch phase {
        case .lost: return .stop
        case .following: return .get
        case .leading(let renewedAt):
            guard now - renewedAt < timing.renewDeadline else { return lose() }
            guard let known else { return .get }
            // The fast path: the holder knows what the lease says.
            return write(renewed(known.record, wall: wall), over: known.resourceVersion, now: now)
        }
    }

    /// The lease was read.
    mutating func got(
        _ record: LeaseRecord, resourceVersion: String, now: Duration, wall: Timestamp, random: Double
    ) -> Action {
        if known?.record != record {
            known = (record, resourceVersion, now)
        } else {
            known?.resourceVersion = resourceVersion
        }
        switch phase {
        case .lost: return .stop
        case .leading:
            guard record.holder == identity else { return lose() }
            return write(renewed(record, wall: wall), over: resourceVersion, now: now)
        case .following:
            let seenAt = known?.seenAt ?? now
            let isFree =
                record.holder.isEmpty || record.holder == identity
                || now - seenAt >= .seconds(record.durationSeconds)
            guard isFree else { return pause(random) }
            let isChange = record.holder != identity
            let mine = LeaseRecord(
                holder: identity, durationSeconds: leaseSeconds,
                acquireTime: isChange ? wall.microTime : record.acquireTime, renewTime: wall.microTime,
                transitions: record.transitions + (isChange ? 1 : 0), layout: layout)
            return write(mine, over: resourceVersion, now: now)
        }
    }

    /// There is no lease.
    mutating func notFound(now: Duration, wall: Timestamp) -> Action {
        known = nil
        if case .lost = phase { return .stop }
        writingSince = now
        return .create(
            LeaseRecord(
                holder: identity, durationSeconds: leaseSeconds, acquireTime: wall.microTime,
                renewTime: wall.microTime, transitions: 0, layout: layout))
    }

    /// The lease was written as asked.
    mutating func wrote(_ record: LeaseRecord, resourceVersion: String, now: Duration) -> Action {
        if case .lost = phase { return .stop }
        known = (record, resourceVersion, now)
        phase = .leading(renewedAt: writingSince)
        return .wait(timing.retry)
    }

    /// A call failed; `wasWrite` tells whether what is known of the lease may be out of date.
    mutating func failed(wasWrite: Bool, now: Duration, random: Double) -> Action {
        switch phase {
        case .lost: return .stop
        case .following: return pause(random)
        case .leading(let renewedAt):
            guard now - renewedAt < timing.renewDeadline else { return lose() }
            return wasWrite ? .get : .wait(min(timing.retry, timing.renewDeadline - (now - renewedAt)))
        }
    }

    /// What to write so that another process can take the lease at once; nil if this process does not hold it.
    mutating func release(wall: Timestamp) -> (LeaseRecord, resourceVersion: String)? {
        guard hasLease, let known else { return nil }
        phase = .lost
        return (
            LeaseRecord(
                holder: "", durationSeconds: 1, acquireTime: wall.microTime, renewTime: wall.microTime,
                transitions: known.record.transitions, layout: known.record.layout),
            known.resourceVersion
        )
    }

    private var leaseSeconds: Int { max(1, Int(timing.lease.components.seconds)) }

    private func renewed(_ record: LeaseRecord, wall: Timestamp) -> LeaseRecord {
        var record = record
        record.renewTime = wall.microTime
        record.layout = layout
        return record
    }

    private mutating func write(_ record: LeaseRecord, over version: String, now: Duration) -> Action {
        writingSince = now
        return .update(record, resourceVersion: version)
    }

    /// Candidates spread their tries, from one retry period to 2.2 of them.
    private func pause(_ random: Double) -> Action { .wait(timing.retry * (1 + 1.2 * random)) }

    private mutating func lose() -> Action {
        phase = .lost
        return .stop
    }
}
