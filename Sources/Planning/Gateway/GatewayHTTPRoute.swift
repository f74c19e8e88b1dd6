import Kube
import PlanningInput
import TributaryAPI

/// The HTTPRoute of the Gateway API that leads to a gateway.
struct GatewayHTTPRoute {
    var owner: Owner
    var spec: HTTPRouteSpec
    var access: GatewayAccess

    private var name: String { GatewayNames.name(of: owner.metadata.name) }

    var object: Object {
        func match(_ path: String, _ type: String) -> JSON { ["path": ["type": JSON(type), "value": JSON(path)]] }
        let backend: JSON = ["name": JSON(name), "port": JSON(access.port.number)]
        return owner.object(
            .httpRoutes, name, labels: owner.labels(GatewayNames.component, program: GatewayNames.program),
            [
                "spec": [
                    "parentRefs": .array(
                        spec.parentRefs.map { parent in
                            [
                                "name": JSON(parent.name), "namespace": parent.namespace.map { JSON($0) } ?? .null,
                                "sectionName": parent.sectionName.map { JSON($0) } ?? .null,
                            ]
                        }),
                    "hostnames": [JSON(spec.host)],
                    "rules": [
                        [
                            "matches": [match(access.writePath, "Exact"), match(access.readPath, "PathPrefix")],
                            "backendRefs": [backend],
                        ]
                    ],
                ]
            ])
    }

    /// Where it is, whether it exists or not.
    var kept: Plan.Kept { Plan.Kept(.httpRoutes, ObjectKey(namespace: owner.namespace, name: name)) }
}
