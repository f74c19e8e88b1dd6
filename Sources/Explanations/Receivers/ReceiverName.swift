import Kube

/// The receiver that somebody asks about: a pod, or an address as hashring files have them.
package struct ReceiverName: Sendable, Hashable, CustomStringConvertible {
    /// The pod; nil for an address that names none, such as that of an IP.
    let pod: ObjectKey?
    /// The address; nil if the pod was named.
    let address: String?
    /// The receiver as it was asked for.
    package let description: String

    /// Reads `namespace/pod` or an address such as `receive-0.receive.observability.svc.cluster.local:10901`; nil for
    /// anything else.
    package init?(_ text: String) {
        description = text
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty }), !text.contains(where: \.isWhitespace) else { return nil }
        if parts.count == 2 {
            (pod, address) = (ObjectKey(namespace: String(parts[0]), name: String(parts[1])), nil)
            return
        }
        guard parts.count == 1, text.contains(".") || text.contains(":") else { return nil }
        address = text
        let labels = Self.host(of: text).split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let isName = labels.count == 3 || labels.count > 3 && labels[3] == "svc"
        pod = isName ? ObjectKey(namespace: labels[2], name: labels[0]) : nil
    }

    /// The host of an address.
    static func host(of address: String) -> String {
        if address.hasPrefix("[") { return String(address.dropFirst().prefix { $0 != "]" }) }
        return String(address.prefix { $0 != ":" })
    }
}
