import Conversion
import Kube
import PrometheusConfig

/// The files in which nothing was recognised, and what is in them.
struct PassedOver {
    private struct File {
        var location: String
        var kinds: [String: Int] = [:]
        var isRead = false
    }

    private var files: [String: File] = [:]
    private var order: [String] = []
    /// How many objects of other groups have the kinds of prometheus-operator, by group.
    private var forks: [String: (location: String, count: Int)] = [:]

    /// The most kinds and groups that are named.
    private static let most = 10

    /// Takes in an object, and whether it was recognised.
    mutating func note(_ manifest: Manifest, isRead: Bool) {
        let object = manifest.object
        if files[manifest.file] == nil { order.append(manifest.file) }
        var file = files.removeValue(forKey: manifest.file) ?? File(location: manifest.location(of: nil))
        defer { files[manifest.file] = file }
        file.isRead = file.isRead || isRead
        guard !isRead else { return }
        file.kinds[object.kind, default: 0] += 1
        guard MonitorKind(rawValue: object.kind) != nil else { return }
        var fork = forks.removeValue(forKey: object.group) ?? (manifest.location(of: nil), 0)
        fork.count += 1
        forks[object.group] = fork
    }

    /// A line about the files, if there are some, and one for each group that could be named.
    var lines: [String] {
        let groups = forks.sorted { $0.key < $1.key }.prefix(Self.most).map { group, fork in
            "\(fork.location): warning: \(fork.count) \(fork.count == 1 ? "monitor" : "monitors") of the API group \(group) "
                + "passed over: --monitoring-group \(group) reads those of that group"
        }
        let unread = order.compactMap { files[$0] }.filter { !$0.isRead }
        guard let first = unread.first else { return groups }
        let kinds = unread.reduce(into: [:]) { counts, file in counts.merge(file.kinds) { $0 + $1 } }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let named = kinds.prefix(Self.most).map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let rest = kinds.dropFirst(Self.most).reduce(0) { $0 + $1.value }
        let others = unread.count > 1 ? "and \(unread.count - 1) more files" : "this file"
        return groups + [
            "\(first.location): info: nothing in \(unread.count > 1 ? "this \(others)" : others) is read: \(named)"
                + (rest > 0 ? " and \(rest) more objects" : "")
        ]
    }
}
