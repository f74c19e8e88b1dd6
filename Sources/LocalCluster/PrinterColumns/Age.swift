import Kube

/// The time since a moment in the short form that `kubectl get` prints: `12s`, `3m40s`, `5h2m`, `9d`.
enum Age {
    /// The time from a moment (RFC 3339) until now: `<unknown>` for no moment, `<invalid>` for one that cannot be read.
    static func text(since moment: String?, now: Timestamp) -> String {
        guard let moment else { return "<unknown>" }
        guard let moment = Timestamp(moment) else { return "<invalid>" }
        return text(now.since(moment))
    }

    /// A duration, with two units while the larger one is small: `k8s.io/apimachinery/pkg/util/duration`.
    static func text(_ duration: Duration) -> String {
        let seconds = Int(duration.components.seconds)
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 120 { return "\(seconds)s" }
        let minutes = seconds / 60
        if minutes < 10 { return pair(minutes, "m", seconds % 60, "s") }
        if minutes < 180 { return "\(minutes)m" }
        let hours = minutes / 60
        if hours < 8 { return pair(hours, "h", minutes % 60, "m") }
        if hours < 48 { return "\(hours)h" }
        let days = hours / 24
        if days < 8 { return pair(days, "d", hours % 24, "h") }
        if days < 730 { return "\(days)d" }
        if days < 2920 { return pair(days / 365, "y", days % 365, "d") }
        return "\(days / 365)y"
    }

    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit)\(small)\(smallUnit)"
    }
}
