import Hashring
import Kube

/// The names, labels and ports of what runs Thanos for a global view.
enum ReceiverNames {
    static let grpcPort = 10901
    static let httpPort = 10902
    static let capnprotoPort = 19391
    static let writePort = 19291
    static let queryPort = 9090

    static let component = "receive"
    static let routerComponent = "receive-router"
    static let queryComponent = "query"
    static let receiveProgram = "thanos-receive"
    static let queryProgram = "thanos-query"

    /// A managed ring's StatefulSet, headless Service and PodDisruptionBudget.
    ///
    /// Rings' names may have what DNS labels may not, and may be longer: Kubernetes puts a StatefulSet's name into a label
    /// with 11 more characters. Those get the beginning of a digest.
    static func receivers(_ ring: String, of view: String) -> String {
        let plain = "\(view)-receive-\(ring)"
        let isLabel = plain.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        if isLabel, plain.utf8.count <= 52 { return plain }
        // The view's name may have dots in it; it is at most 41 characters long.
        let start = view.prefix(32).map { $0 == "." ? "-" : $0 }
        return "\(String(start))-receive-\(SHA256.hexadecimal(plain).prefix(10))"
    }

    /// The routers' Deployment, Service and PodDisruptionBudget.
    static func router(of view: String) -> String { "\(view)-receive" }
    /// Thanos Query's Deployment and Service.
    static func query(of view: String) -> String { "\(view)-query" }
    /// The ServiceAccount that all of them run as.
    static func account(of view: String) -> String { "\(view)-thanos" }

    /// Selects the StatefulSets of all receivers that Tributary runs for a global view, those that are to go included.
    static func receiverSelector(of view: String) -> LabelSelector { selector(component, of: view) }

    /// Selects the pods of a global view's routers.
    static func routerSelector(of view: String) -> LabelSelector { selector(routerComponent, of: view) }

    private static func selector(_ component: String, of view: String) -> LabelSelector {
        var selector = LabelSelector()
        selector.matchLabels = [
            Names.managedByLabel: Names.manager, "app.kubernetes.io/instance": view,
            "app.kubernetes.io/component": component,
        ]
        return selector
    }
}
