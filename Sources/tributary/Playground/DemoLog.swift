import Kube

/// Prints the demo's scenes, and each change of the hashring file with the time it took.
final class DemoLog: Sendable {
    private struct Event {
        var text: String
        var at: ContinuousClock.Instant
    }

    private let lastEvent = Locked<Event?>(nil)

    /// Prints what happens next.
    func scene(_ text: String) { print("\n▸ \(text)") }

    /// Prints a detail of the scene.
    func line(_ text: String) { print("    \(text)") }

    /// Records an event of the receivers, from which the time to the next change is measured.
    func event(_ text: String) {
        lastEvent.withLock { $0 = Event(text: text, at: ContinuousClock.now) }
    }

    /// Prints the lines that changed in the hashring file.
    func diff(_ key: ObjectKey, from old: String, to new: String) {
        let cause = lastEvent.withLock { $0 }
        var head = "  ConfigMap \(key.name)"
        if let cause { head += ", \(Self.milliseconds(ContinuousClock.now - cause.at)) ms after \(cause.text)" }
        let lines = Self.changes(Self.lines(old), Self.lines(new))
        print(([head] + lines.map { "    \($0)" }).joined(separator: "\n"))
    }

    private static func milliseconds(_ duration: Duration) -> String {
        let tenths = Int(duration / .microseconds(100))
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// A file's lines without the commas at their ends, which are no changes of interest.
    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n").map { $0.hasSuffix(",") ? $0.dropLast() : $0 }
    }

    /// The removed and added lines, each with its sign. Unchanged lines are left out.
    private static func changes(_ old: [Substring], _ new: [Substring]) -> [String] {
        new.difference(from: old).map { change in
            switch change {
            case .remove(let offset, let line, _): (offset, 0, "- \(line)")
            case .insert(let offset, let line, _): (offset, 1, "+ \(line)")
            }
        }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }

    private func print(_ text: String) {
        Output.text(text + "\n")
    }
}
