import Hashring
import Receivers

/// The receivers in a namespace that hashring files name, by the naming of ours.
struct NamedReceivers {
    private let namespace: String
    private let hosts: [Substring]

    init(_ files: [HashringFile?], in namespace: String) {
        self.namespace = namespace
        let endpoints = files.compactMap { $0 }.flatMap { $0.rings.flatMap(\.endpoints) }
        hosts = endpoints.map { $0.address.prefix { $0 != ":" } }
    }

    /// The ordinals of a StatefulSet's receivers; without ordinals that no receiver can have.
    func ordinals(of set: String) -> [Int] {
        let host = "\(set).\(namespace).svc"
        return hosts.compactMap { address in
            guard let point = address.firstIndex(of: "."), let pod = PodName(address[..<point]),
                pod.statefulSet == set, pod.ordinal < ReceiverSet.mostReplicas
            else { return nil }
            let service = address[address.index(after: point)...]
            return service == host || service.hasPrefix(host + ".") ? pod.ordinal : nil
        }
    }

    /// The Services and StatefulSets.
    var sets: Set<String> {
        var sets: Set<String> = []
        for address in hosts {
            let parts = address.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count >= 4, parts[2] == namespace, parts[3] == "svc" else { continue }
            sets.insert(String(parts[1]))
        }
        return sets
    }
}
