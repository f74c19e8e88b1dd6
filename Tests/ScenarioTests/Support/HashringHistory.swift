import Hashring
import Kube
import KubeClient
import KubeRuntime
import Planning
import PlanningInput
import TestSupport

/// Every hashring file that a ConfigMap had, in order. Receivers may have read any of them.
final class HashringHistory: Sendable {
    private let client: KubeClient
    private let key: ObjectKey
    private let state = Locked<[String]>([])

    init(_ client: KubeClient, _ key: ObjectKey) {
        self.client = client
        self.key = key
    }

    /// Records files until the task is cancelled.
    func run() async {
        let scope = WatchScope(.configMaps, namespace: key.namespace)
        await Watcher(
            scope, source: ListWatch(client, scope), logger: quiet, transform: { PublishedHashrings($0)?.text }
        ) { event in
            switch event {
            case .applied(self.key, let text): self.add(text)
            case .deleted(self.key): self.add("")
            case .restarted(let all): if let text = all[self.key] { self.add(text) }
            default: break
            }
        }.run()
    }

    private func add(_ text: String?) {
        guard let text else { return }
        state.withLock { if $0.last != text { $0.append(text) } }
    }

    /// The texts so far, each different from the one before.
    var texts: [String] { state.withLock { $0 } }

    /// The hashrings of each text in short form; see ``short(_:)``.
    var all: [[String]] { texts.map(Self.short) }

    /// The hashrings that are published now; empty if there is no file.
    var latest: [String] { all.last ?? [] }

    /// The hashrings of a file in short form, such as `hard(tenant-a,tenant-b): hard-0 hard-1`.
    static func short(_ text: String) -> [String] {
        guard let file = try? HashringFile(parsing: text) else { return text.isEmpty ? [] : ["not readable: \(text)"] }
        return file.rings.map { hashring in
            let tenants = hashring.tenants.isEmpty ? "" : "(\(hashring.tenants.joined(separator: ",")))"
            let members = hashring.endpoints.map { $0.address.prefix { $0 != "." } }
            return "\(hashring.name)\(tenants): \(members.joined(separator: " "))"
        }
    }

    /// Waits until these hashrings are published.
    func waitFor(_ hashrings: String..., within limit: Duration = .seconds(20)) async throws {
        do {
            try await waitUntil("", within: limit) { self.latest == hashrings }
        } catch is WaitingError {
            throw WaitingError(
                description: "hashrings \(hashrings) were not published within \(limit); published: \(all)")
        }
    }
}
