public import Kube
public import Receivers

/// The inputs from which the hashring file is planned.
public struct HashringFileInputs: Sendable {
    /// The content of the base ConfigMap.
    public enum Base: Sendable, Hashable {
        /// The ConfigMap does not exist.
        case missing
        /// It does not have the key; these are its keys.
        case withoutFile([String])
        /// The text of the file.
        case text(String)
    }

    /// The file that users write.
    public var base: Base
    /// The text that this process published last, otherwise the one in the generated ConfigMap. Membership starts from
    /// it.
    public var published: String?
    /// The text in the generated ConfigMap now, which receivers may have read.
    public var found: String?
    /// The labelled StatefulSets, in any order.
    public var sets: [LabelledReceiverSet]
    /// Their pods, in any order.
    public var pods: [ReceiverPod]
    /// Since when wanted pods have not been ready, by name, as the previous plan noted it.
    public var unreadySince: [String: Timestamp]
    /// The present.
    public var now: Timestamp
    /// When the members last changed, for options that limit steps.
    public var lastChange: Timestamp?

    /// The inputs of one plan.
    public init(
        base: Base, published: String? = nil, found: String? = nil, sets: [LabelledReceiverSet] = [],
        pods: [ReceiverPod] = [],
        unreadySince: [String: Timestamp] = [:], now: Timestamp, lastChange: Timestamp? = nil
    ) {
        self.base = base
        self.published = published
        self.found = found
        self.sets = sets
        self.pods = pods
        self.unreadySince = unreadySince
        self.now = now
        self.lastChange = lastChange
    }
}

extension HashringFileInputs.Base {
    /// Reads the base ConfigMap.
    init(_ object: Object?, fileName: String) {
        guard let object else {
            self = .missing
            return
        }
        let data = object.json["data"]?.object ?? [:]
        if let text = data[fileName]?.string { self = .text(text) } else { self = .withoutFile(data.keys.sorted()) }
    }
}
