import Kube

/// The rules of list and watch without tasks or clocks: which call comes next, and what the consumer gets.
///
/// The objects of a list are collected and handed over at once, so that a list after missed events never shows an empty
/// or a half-filled cache. The last resource version is kept between two watches, also that of a bookmark.
struct WatcherStateMachine<Value: Sendable> {
    /// The next call, and how long to wait before it.
    struct Step: Equatable {
        var after: Duration = .zero
        var call: Call
    }

    /// A call to the API server.
    enum Call: Equatable {
        /// One page of a list; a nil limit asks for everything at once.
        case list(continueToken: String?, limit: Int?)
        /// A watch from a resource version on, or, with `initialEvents`, one that begins with all objects.
        case watch(resourceVersion: String?, initialEvents: Bool)
    }

    /// Something that came in on a watch.
    enum Input {
        case applied(ObjectKey, Value?, resourceVersion: String?)
        case deleted(ObjectKey, resourceVersion: String?)
        case bookmark(resourceVersion: String, initialEventsEnd: Bool)
    }

    /// Why a call failed or a watch ended early.
    enum Failure: Equatable {
        /// The API server answered with an error, at once or as a watch's `ERROR` event.
        case answer(code: Int, reason: String, retryAfter: Duration?)
        /// No answer, or a broken one: refused, reset, timed out.
        case transport
        /// The watch was silent for longer than the server keeps it open.
        case silent
    }

    private enum Phase {
        case listing(gathered: [ObjectKey: Value], continueToken: String?)
        case streaming(gathered: [ObjectKey: Value])
        case watching(resourceVersion: String)
    }

    /// How many objects a page holds: kube-rs's and client-go's number.
    static var pageLimit: Int { 500 }

    private var phase: Phase
    private var backoff = Backoff()
    /// Whether to ask for streaming lists; false once the server has refused one.
    private(set) var streams: Bool
    /// Whether lists are paged; not after a continue token expired twice, or a slow client would never finish.
    private var pages = true
    private var continueTokensExpired = 0
    private var streamsCutShort = 0
    private var versionsTooLarge = 0
    private var openedAt = Duration.zero
    private var sawEvents = false
    /// Whether a complete list has come.
    private(set) var isSynced = false

    init(streams: Bool) {
        self.streams = streams
        phase = streams ? .streaming(gathered: [:]) : .listing(gathered: [:], continueToken: nil)
    }

    /// The first call.
    func start() -> Step { Step(call: call) }

    /// A watch is being opened.
    mutating func opening(now: Duration) {
        openedAt = now
        sawEvents = false
        // A stream that was cut short starts again.
        if case .streaming = phase { phase = .streaming(gathered: [:]) }
    }

    /// Takes in a page of a list; returns the event once it was the last page.
    mutating func listed(
        _ items: [(ObjectKey, Value)], continueToken: String?, resourceVersion: String
    ) -> (WatcherEvent<Value>?, Step) {
        guard case .listing(var gathered, _) = phase else { return (nil, Step(call: call)) }
        phase = .listing(gathered: [:], continueToken: nil)  // gives up this reference, so that nothing is copied
        for (key, value) in items { gathered[key] = value }
        if let continueToken, !continueToken.isEmpty {
            phase = .listing(gathered: gathered, continueToken: continueToken)
            return (nil, Step(call: call))
        }
        continueTokensExpired = 0
        pages = true
        phase = .watching(resourceVersion: resourceVersion)
        isSynced = true
        return (.restarted(gathered), Step(call: call))
    }

    /// Takes in something that came in on the watch; returns the event, if it is one.
    mutating func received(_ input: Input) -> WatcherEvent<Value>? {
        sawEvents = true
        switch phase {
        case .listing: return nil
        case .streaming(var gathered):
            phase = .streaming(gathered: [:])
            switch input {
            case .applied(let key, let value, _): gathered[key] = value
            case .deleted(let key, _): gathered[key] = nil
            case .bookmark(let version, true):
                streamsCutShort = 0
                phase = .watching(resourceVersion: version)
                isSynced = true
                return .restarted(gathered)
            case .bookmark(_, false): break
            }
            phase = .streaming(gathered: gathered)
            return nil
        case .watching(let known):
            versionsTooLarge = 0
            switch input {
            case .applied(let key, let value, let version):
                phase = .watching(resourceVersion: version ?? known)
                return value.map { .applied(key, $0) } ?? .deleted(key)
            case .deleted(let key, let version):
                phase = .watching(resourceVersion: version ?? known)
                return .deleted(key)
            case .bookmark(let version, _):
                phase = .watching(resourceVersion: version)
                return nil
            }
        }
    }

    /// The server ended the watch as it does after its time.
    mutating func ended(now: Duration, random: Double) -> Step {
        if case .streaming = phase {
            // All objects should have come with an end mark. A server that knows no streaming lists may keep quiet.
            giveUpStreamingAfterTwo()
            return Step(after: backoff.next(now: now, random: random), call: call)
        }
        // A proxy that closes every watch at once would be asked thousands of times a second.
        let isTooShort = now - openedAt < .seconds(1) && !sawEvents
        return Step(after: isTooShort ? backoff.next(now: now, random: random) : .zero, call: call)
    }

    /// A call failed, or the watch ended with an error.
    mutating func failed(_ failure: Failure, now: Duration, random: Double) -> Step {
        var wait = backoff.next(now: now, random: random)
        switch failure {
        case .transport:
            if case .streaming = phase, sawEvents { giveUpStreamingAfterTwo() }
        case .silent:
            if case .streaming = phase { giveUpStreamingAfterTwo() } else { wait = .zero }
        case .answer(let code, let reason, let retryAfter):
            if let retryAfter { wait = max(wait, retryAfter) }
            let isExpired = code == 410 || reason == "Expired" || reason == "Gone"
            switch phase {
            case .streaming:
                // What may succeed later is tried again; what the server will not do at all is a refusal.
                if ![401, 408, 410, 429, 502, 503, 504].contains(code) {
                    fallBackToPages()
                    wait = .zero
                }
            case .listing(_, let token):
                // Only a continue token can be too old: start again, the second time without pages.
                if isExpired && token != nil {
                    continueTokensExpired += 1
                    if continueTokensExpired == 1 { wait = .zero } else { pages = false }
                    phase = .listing(gathered: [:], continueToken: nil)
                } else if code == 400 && token != nil || isExpired {
                    phase = .listing(gathered: [:], continueToken: nil)
                }
            case .watching:
                // 404: the custom resource definition is gone; should it return, its versions count from elsewhere.
                if isExpired || code == 404 || code == 400 {
                    relist()
                    // The first list after missed events is urgent; the back-off guards against a server that has
                    // nothing but 410 to say.
                    if isExpired && sawEvents || isExpired && now - openedAt >= .seconds(1) { wait = .zero }
                } else if code == 504 {
                    // "Too large resource version": a cluster restored from a backup counts from below.
                    versionsTooLarge += 1
                    if versionsTooLarge > 3 { relist() }
                }
            }
        }
        return Step(after: wait, call: call)
    }

    private mutating func relist() {
        versionsTooLarge = 0
        phase = streams ? .streaming(gathered: [:]) : .listing(gathered: [:], continueToken: nil)
    }

    private mutating func giveUpStreamingAfterTwo() {
        streamsCutShort += 1
        if streamsCutShort >= 2 { fallBackToPages() }
    }

    private mutating func fallBackToPages() {
        streams = false
        phase = .listing(gathered: [:], continueToken: nil)
    }

    private var call: Call {
        switch phase {
        case .listing(_, let token): .list(continueToken: token, limit: pages ? Self.pageLimit : nil)
        case .streaming: .watch(resourceVersion: nil, initialEvents: true)
        case .watching(let version): .watch(resourceVersion: version, initialEvents: false)
        }
    }
}
