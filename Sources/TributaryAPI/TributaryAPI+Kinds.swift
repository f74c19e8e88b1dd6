public import Kube

extension TributaryAPI {
    /// The three kinds.
    public static let kinds: [any CustomResource.Type] = [GlobalView.self, Tenant.self, PrometheusAgent.self]

    /// The CustomResourceDefinitions of all kinds, as `crds/` has them.
    public static var customResourceDefinitions: [JSON] { kinds.map { $0.crd } }

    /// The kind of an object; nil if it is not one of Tributary's.
    public static func kind(of object: Object) -> (any CustomResource.Type)? {
        kinds.first { $0.resource.apiVersion == object.apiVersion && $0.resource.kind == object.kind }
    }
}
