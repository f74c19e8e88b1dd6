public import Kube
public import PrometheusConfig

/// A ServiceMonitor, PodMonitor, Probe or ScrapeConfig, reduced to what selects it and what makes its jobs.
///
/// What makes its jobs is kept as text, a fifth of the memory, and read when they are made: once for each edit.
public final class ObservedMonitor: Sendable {
    /// The kind.
    public let kind: MonitorKind
    /// The namespace and name.
    public let key: ObjectKey
    /// The labels by which agents select it.
    public let labels: [String: String]
    /// What tells it from others that have or had its name.
    public let uid: String?
    private let text: [UInt8]

    /// Reads an object; nil where it is no monitor.
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

    /// The object: its kind, its name and its specification.
    package var object: Object { Object((try? JSON(parsing: text)) ?? [:]) }

    /// Whether jobs of the other are made of the same.
    package func isSame(as other: ObservedMonitor) -> Bool {
        self === other || kind == other.kind && text == other.text
    }

    /// The kind, the namespace and the name, as messages have them.
    public var description: String { "\(kind.rawValue) \(key)" }
}

extension ObservedMonitor: Hashable {
    /// Whether nothing differs that concerns us: not resource versions, annotations or a status.
    public static func == (left: ObservedMonitor, right: ObservedMonitor) -> Bool {
        left === right
            || left.isSame(as: right) && left.key == right.key && left.labels == right.labels && left.uid == right.uid
    }

    /// Hashes what names it.
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

    /// Takes in a monitor, or its absence.
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
    /// The first place from which on all elements fit, where they are sorted so that those that fit come last.
    fileprivate func partitioningIndex(where fits: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if fits(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
