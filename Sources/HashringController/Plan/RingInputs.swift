public import Kube
public import Receivers

/// What is known when the hashring file is planned.
public struct RingInputs: Sendable {
    /// What the base ConfigMap holds.
    public enum Base: Sendable, Hashable {
        /// There is no such ConfigMap.
        case missing
        /// It has no such key; these are the ones it has.
        case withoutFile([String])
        /// The file's text.
        case text(String)
    }

    /// What people ask for.
    public var base: Base
    /// The text that was published last as far as this process knows, else the one that is found: membership goes on
    /// from it.
    public var published: String?
    /// The text that stands in the generated ConfigMap now: receivers may have read it.
    public var found: String?
    /// The labelled StatefulSets, in any order.
    public var sets: [RingSet]
    /// Their pods, in any order.
    public var pods: [ReceiverPod]
    /// Since when wanted pods have not been ready, by name, as the previous plan noted it.
    public var unreadySince: [String: Timestamp]
    /// The present.
    public var now: Timestamp
    /// When the members last changed, for options that bound steps.
    public var lastChange: Timestamp?

    /// The inputs of one plan.
    public init(
        base: Base, published: String? = nil, found: String? = nil, sets: [RingSet] = [], pods: [ReceiverPod] = [],
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

extension RingInputs.Base {
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
