import Crypto
package import Kube

/// The names, labels and ports of the Thanos components of a global view.
package enum ThanosNames {
    package static let grpcPort = 10901
    package static let httpPort = 10902
    package static let capnprotoPort = 19391
    package static let writePort = 19291
    package static let queryPort = 9090

    package static let receiverComponent = "receive"
    package static let routerComponent = "receive-router"
    package static let queryComponent = "query"
    package static let tenantQueryComponent = "query-tenants"
    package static let receiveProgram = "thanos-receive"
    package static let queryProgram = "thanos-query"
    package static let storeComponent = "store"
    package static let storeProgram = "thanos-store"
    package static let compactorComponent = "compact"
    package static let compactorProgram = "thanos-compact"
    package static let frontendComponent = "query-frontend"
    package static let tenantFrontendComponent = "query-frontend-tenants"
    package static let frontendProgram = "thanos-query-frontend"

    /// The name of a managed hashring's StatefulSet, headless Service and PodDisruptionBudget.
    ///
    /// A hashring's name may be longer than a DNS label or have characters that a DNS label may not have; Kubernetes puts
    /// a StatefulSet's name, with 11 more characters, into a label. Such a name is replaced by a digest.
    package static func receivers(_ hashring: String, of view: String) -> String {
        statefulSet(view, "receive", hashring)
    }

    /// The name of the StatefulSet, headless Service and PodDisruptionBudget of a shard of the Store Gateways.
    ///
    /// It has the number of shards as well: with another number, other blocks are in each, and the new ones come before the
    /// old ones go.
    package static func store(_ shard: Int, of count: Int, view: String) -> String {
        count == 1 ? "\(view)-store" : statefulSet(view, "store", "\(shard)of\(count)")
    }

    /// Whether a name is one that ``store(_:of:view:)`` makes for a view.
    package static func isStore(_ name: String, of view: String) -> Bool {
        guard name != "\(view)-store" else { return true }
        guard name.hasPrefix("\(view)-store-") else { return false }
        let numbers = name.dropFirst(view.count + 7).split(separator: "of", omittingEmptySubsequences: false)
        return numbers.count == 2
            && numbers.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    private static func statefulSet(_ view: String, _ component: String, _ part: String) -> String {
        let plain = "\(view)-\(component)-\(part)"
        let isLabel = plain.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        if isLabel, plain.utf8.count <= 52 { return plain }
        // The view's name may contain dots; it has at most 41 characters.
        let start = view.prefix(32).map { $0 == "." ? "-" : $0 }
        return "\(String(start))-\(component)-\(SHA256.hexadecimal(plain).prefix(10))"
    }

    /// The name of the routers' Deployment, Service and PodDisruptionBudget.
    package static func router(of view: String) -> String { "\(view)-receive" }
    /// The name of Thanos Query's Deployment and Service.
    package static func query(of view: String) -> String { "\(view)-query" }
    /// The name of the Deployment and Service of the Thanos Query that enforces the tenant.
    package static func tenantQuery(of view: String) -> String { "\(view)-query-tenants" }
    /// The name of the Compactor's StatefulSet and headless Service.
    package static func compactor(of view: String) -> String { "\(view)-compact" }
    /// The name of the Query Frontend's Deployment, Service and PodDisruptionBudget.
    package static func frontend(of view: String) -> String { "\(view)-query-frontend" }
    /// The name of the Deployment, Service and PodDisruptionBudget of the Query Frontend for tenants.
    package static func tenantFrontend(of view: String) -> String { "\(view)-query-frontend-tenants" }
    /// The name of the ServiceAccount of all Thanos components.
    package static func account(of view: String) -> String { "\(view)-thanos" }

    /// The name in the certificate of all parts that gRPC clients check.
    package static func tlsServerName(of view: String, in namespace: String) -> String {
        "\(view)-thanos.\(namespace).svc"
    }

    /// Selects the StatefulSets of all managed hashrings of a global view, including those that are about to go.
    package static func receiverSelector(of view: String) -> LabelSelector { selector(receiverComponent, of: view) }

    /// Selects the pods of a global view's routers.
    package static func routerSelector(of view: String) -> LabelSelector { selector(routerComponent, of: view) }

    private static func selector(_ component: String, of view: String) -> LabelSelector {
        var selector = LabelSelector()
        selector.matchLabels = [
            Names.managedByLabel: Names.manager, "app.kubernetes.io/instance": view,
            "app.kubernetes.io/component": component,
        ]
        return selector
    }
}
