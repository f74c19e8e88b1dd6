import Kube

/// One thing that is wrong with a custom resource of Tributary's, in a line, and what to do about it in another.
package struct Trouble: Sendable, Hashable {
    /// How bad it is.
    package enum Weight: String, Sendable {
        /// Somebody has to do something.
        case wrong
        /// It is about to be done.
        case progress
        /// Somebody asked for it, or it may be meant so.
        case note
    }

    package var weight: Weight
    /// The kind of the custom resource.
    package var kind: String
    package var key: ObjectKey
    /// The reason in CamelCase.
    package var reason: String
    package var message: String
    /// When it began; nil if that is not known.
    package var since: Timestamp?

    /// A trouble.
    package init(
        weight: Weight, kind: String, key: ObjectKey, reason: String, message: String, since: Timestamp?
    ) {
        (self.weight, self.kind, self.key) = (weight, kind, key)
        (self.reason, self.message, self.since) = (reason, message, since)
    }

    /// The worst and the oldest first. There may be thousands.
    package static func sorted(_ troubles: [Trouble]) -> [Trouble] {
        let weights: [Weight] = [.wrong, .progress, .note]
        return troubles.map { trouble in
            let place = weights.firstIndex(of: trouble.weight) ?? 0
            return (trouble, (place, trouble.since?.description ?? "", "\(trouble.kind) \(trouble.key)"))
        }.sorted { $0.1 < $1.1 }.map(\.0)
    }

    /// What to look at or to do.
    package var advice: String {
        let describe = "kubectl describe \(kind.lowercased()) \(key.name) -n \(key.namespace)"
        if let field { return "\(field); \(describe)" }
        switch reason {
        case "NoStatus", "NotObserved":
            return "is the operator running? kubectl get pods -A -l app.kubernetes.io/name=tributary"
        case "Silent": return "tributary why tenant \(key); \(describe)"
        case "CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "Unschedulable", "WaitingForPods":
            return "kubectl get pods -n \(key.namespace); \(describe)"
        default: return describe
        }
    }

    /// The field that the message begins with.
    private var field: String? {
        guard message.hasPrefix("spec"), let end = message.firstIndex(of: ":") else { return nil }
        let field = message[..<end]
        return field.contains(" ") ? nil : String(field)
    }

    /// For how long it has been so, such as `41m`.
    package func age(_ now: Timestamp) -> String {
        guard let since else { return "" }
        let seconds = max(0, now.since(since).components.seconds)
        switch seconds {
        case ..<120: return "for \(seconds)s"
        case ..<7200: return "for \(seconds / 60)m"
        case ..<172_800: return "for \(seconds / 3600)h"
        default: return "for \(seconds / 86_400)d"
        }
    }

    /// The trouble for programs.
    package var json: JSON {
        let json: JSON = [
            "weight": JSON(weight.rawValue), "kind": JSON(kind), "namespace": JSON(key.namespace),
            "name": JSON(key.name), "reason": JSON(reason), "message": JSON(message),
            "since": since.map { JSON($0.description) } ?? .null, "advice": JSON(advice),
        ]
        return json.droppingNulls
    }
}
