package import Kube

/// Why a pod is not ready, as its status says: the reason that `kubectl get pods` shows, and what is behind it.
public struct PodTrouble: Sendable, Hashable {
    /// The reason of the scheduler, the kubelet or the container runtime, such as `CrashLoopBackOff`.
    public var reason: String
    /// What happened, in one line.
    public var message: String

    /// The longest message, in characters.
    private static let longest = 400
    /// The reasons why a container waits that end by themselves.
    private static let passing: Set<String> = ["ContainerCreating", "PodInitializing"]

    /// A trouble. The message is cut to one line of bounded length.
    public init(reason: String, message: String) {
        // A reason is a word in CamelCase, as conditions require.
        let isWord = !reason.isEmpty && reason.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        self.reason = isWord ? String(reason.prefix(64)) : "PodNotReady"
        self.message = Self.line(message)
    }

    /// Reads the status of a pod; nil if the pod is ready or needs only time.
    package init?(ofPod pod: Object) {
        let status = pod.json["status"]
        for kind in ["initContainerStatuses", "containerStatuses"] {
            for container in status?[kind]?.array ?? [] {
                if let trouble = Self.trouble(of: container) {
                    self = trouble
                    return
                }
            }
        }
        let conditions = status?["conditions"]?.array ?? []
        if let scheduled = conditions.first(where: { $0["type"] == "PodScheduled" }), scheduled["status"] == "False" {
            self.init(
                reason: scheduled["reason"]?.string ?? "Unschedulable",
                message: "cannot be scheduled: \(scheduled["message"]?.string ?? "no reason is given")")
            return
        }
        // The kubelet evicts pods, for example for want of disk space.
        if status?["phase"] == "Failed" {
            self.init(
                reason: status?["reason"]?.string ?? "Failed", message: status?["message"]?.string ?? "the pod failed")
            return
        }
        return nil
    }

    /// The trouble of the first of some pods, whose message names the pod and how many others have one; nil without any.
    package static func first(of troubles: [ObjectKey: PodTrouble]) -> (reason: String, message: String)? {
        guard let (pod, trouble) = troubles.min(by: { $0.key < $1.key }) else { return nil }
        let others = troubles.count > 1 ? " (and \(troubles.count - 1) more)" : ""
        return (trouble.reason, "pod \(pod.name): \(trouble.message)\(others)")
    }

    private static func trouble(of container: JSON) -> PodTrouble? {
        let name = container["name"]?.string ?? "?"
        if let waiting = container["state", "waiting"] {
            let reason = waiting["reason"]?.string ?? ""
            guard !reason.isEmpty, !passing.contains(reason) else { return nil }
            if reason == "CrashLoopBackOff", let last = container["lastState", "terminated"] {
                return exited(name, last, reason: reason, restarts: container["restartCount"]?.int)
            }
            let detail = waiting["message"]?.string ?? ""
            let image = reason.contains("Image") ? " with image \(container["image"]?.string ?? "?")" : ""
            return PodTrouble(
                reason: reason, message: "container \(name)\(image): \(reason)\(detail.isEmpty ? "" : ": \(detail)")")
        }
        if let terminated = container["state", "terminated"], terminated["exitCode"]?.int ?? 0 != 0 {
            return exited(
                name, terminated, reason: terminated["reason"]?.string ?? "Error",
                restarts: container["restartCount"]?.int)
        }
        return nil
    }

    private static func exited(_ name: String, _ state: JSON, reason: String, restarts: Int?) -> PodTrouble {
        let code = state["exitCode"]?.int ?? 0
        let cause = state["reason"]?.string == "OOMKilled" ? "exceeded its memory limit (OOMKilled)" : "exited"
        let times = restarts.map { $0 > 0 ? " (restarts: \($0))" : "" } ?? ""
        let said = lastLine(state["message"]?.string ?? "")
        return PodTrouble(
            reason: reason,
            message: "container \(name) \(cause) with code \(code)\(times)\(said.isEmpty ? "" : ": \(said)")")
    }

    /// The last line that says something: programs print why they exit at the end.
    private static func lastLine(_ text: String) -> String {
        String(text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) } ?? "")
    }

    private static func line(_ text: String) -> String {
        let flat = String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
        return flat.count <= longest ? flat : "\(flat.prefix(longest))…"
    }
}
