import ArgumentParser
import HashringController

/// A duration on the command line, in the syntax of Go: `30s`, `1m30s`.
struct DurationArgument: ExpressibleByArgument, CustomStringConvertible {
    var duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        guard let duration = GoDuration(argument)?.duration else { return nil }
        self.init(duration)
    }

    var description: String { "\(duration.components.seconds)s" }
}
