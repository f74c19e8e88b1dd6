import Kube
import NIOCore

/// The state that the connections of a server share.
struct ServerContext: Sendable {
    /// The answers to requests.
    let api: API
    /// The requests so far.
    let log = Locked(RequestLog())
    /// The rule for faults.
    let faults = Locked(FaultRule())
    /// The open connections.
    let connections = Locked<[ObjectIdentifier: any Channel]>([:])
    /// The connections that serve a watch.
    let watches = Locked<[ObjectIdentifier: any Channel]>([:])
    /// The time between two bookmarks of a watch.
    let bookmarkInterval: Duration

    /// Creates the state of a server.
    init(api: API, bookmarkInterval: Duration) {
        self.api = api
        self.bookmarkInterval = bookmarkInterval
    }
}
