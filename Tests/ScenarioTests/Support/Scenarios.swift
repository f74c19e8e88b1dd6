import Logging
import Testing

/// All scenarios, which run with a whole cluster.
@Suite(.sharedAPIServer) enum Scenarios {}

/// A logger that discards everything.
let quiet = Logger(label: "scenario") { _ in SwiftLogNoOpLogHandler() }
