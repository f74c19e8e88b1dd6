public import Kube
public import PrometheusConfig

/// A ServiceMonitor, PodMonitor, Probe, ScrapeConfig or PrometheusRule, reduced to what its selection and what is made of it
/// depend on.
///
/// The specification is kept as text, which takes a fifth of the memory, and is parsed when jobs are made.
public final class ObservedMonitor: Sendable {
    /// The kind.
    public let kind: MonitorKind
    /// The namespace and name.
    public let key: ObjectKey
    /// The labels by which agents select it.
    public let labels: [String: String]
    /// The UID, which distinguishes it from others that have or had its name.
    public let uid: String?
    private let text: [UInt8]

    /// Reads an object; nil if it is not a monitor.
    public init?(_ object: Object) {
        guard let kind = MonitorKind(of: object) else { return nil }
        self.kind = kind
        key = object.key
        labels = object.labels
        uid = object.uid
        let reduced: JSON = [
            "apiVersion": JSON(object.apiVersion), "kind": JSON(object.kind),
            "metadata": ["namespace": JSON(key.namespace), "name": JSON(key.name)],
            "spec": object.json["spec"] ?? [:],
        ]
        text = reduced.encoded()
    }

    /// The object with its kind, name and specification.
    package var object: Object { Object((try? JSON(parsing: text)) ?? [:]) }

    /// Whether another monitor would give the same jobs.
    package func isSame(as other: ObservedMonitor) -> Bool {
        self === other || kind == other.kind && text == other.text
    }

    /// The kind, namespace and name, as in messages.
    public var description: String { "\(kind.rawValue) \(key)" }
}

extension ObservedMonitor: Hashable {
    /// Whether two monitors have the same relevant content. Resource versions, annotations and statuses are ignored.
    public static func == (left: ObservedMonitor, right: ObservedMonitor) -> Bool {
        left === right
            || left.isSame(as: right) && left.key == right.key && left.labels == right.labels && left.uid == right.uid
    }

    /// Hashes the kind and the name.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(key)
    }
}

/// The monitors of one kind, in the order in which an agent's file has their jobs.
struct MonitorTable: Sendable {
    private(set) var all: [ObservedMonitor] = []

    subscript(key: ObjectKey) -> ObservedMonitor? {
        let place = all.partitioningIndex { !Monitors.comesFirst($0.key, key) }
        return place < all.count && all[place].key == key ? all[place] : nil
    }

    /// Adds, replaces or removes a monitor.
    mutating func set(_ monitor: ObservedMonitor?, for key: ObjectKey) {
        let place = all.partitioningIndex { !Monitors.comesFirst($0.key, key) }
        let isThere = place < all.count && all[place].key == key
        switch (isThere, monitor) {
        case (true, let monitor?): all[place] = monitor
        case (true, nil): all.remove(at: place)
        case (false, let monitor?): all.insert(monitor, at: place)
        case (false, nil): break
        }
    }
}

extension Array {
    /// The index of the first element that matches, if all that match come last.
    fileprivate func partitioningIndex(where fits: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if fits(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
