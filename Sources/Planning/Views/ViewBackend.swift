import Kube
import PlanningInput
import TributaryAPI

/// What stands behind a global view: Thanos, a central Prometheus, an external service.
///
/// Another kind is a new folder with a type that conforms, and an entry in ``ViewBackends``.
protocol ViewBackend: Sendable {
    /// The backend of a view; nil if the view's specification asks for another kind.
    init?(_ view: GlobalView, in snapshot: Snapshot)

    var view: GlobalView { get }

    /// Where the view is read and written without a gateway.
    var direct: ViewEndpoints { get }

    /// Why the backend cannot serve a tenant; nil if it can.
    func refusal(of tenant: Tenant) -> Diagnostic?

    /// What the author of a served tenant should know.
    func findings(about tenant: Tenant) -> [Diagnostic]

    /// The hashring of a tenant's series, for the tenant's status; nil without hashrings.
    func hashring(of tenant: Tenant) -> String?

    /// What the view needs.
    func plan() -> BackendPlan

    /// What the view needs, with the jobs of monitors that earlier plans have made.
    func plan(with cache: JobCache) -> BackendPlan
}

extension ViewBackend {
    func plan(with cache: JobCache) -> BackendPlan { plan() }
}

extension ViewBackend {
    /// Where tenants and agents read and write: through the gateway, if the view has one.
    var endpoints: ViewEndpoints { direct.behindGateway(of: view) }
}

/// What a global view needs of its backend.
struct BackendPlan {
    /// The objects, without the view's status.
    var plan = Plan()
    var readiness: Readiness
    /// Whether receivers run, also those that are about to go.
    var hasReceivers = false
    /// The pods of receivers that others run and that send to the receivers of the view.
    var adoptedReceivers: [PodPeer] = []
    /// The members of the view's status that are the backend's own.
    var status: JSON.Members = [:]

    init(_ readiness: Readiness) { self.readiness = readiness }
}

/// A backend without hashrings.
extension ViewBackend {
    func refusal(of tenant: Tenant) -> Diagnostic? {
        guard let hashring = tenant.spec.hashring else { return nil }
        return .error(
            .tenant(tenant.metadata.key), "spec.hashring", "HashringNotFound",
            "\"\(hashring)\" is not a hashring of GlobalView \"\(view.metadata.name)\" (it has none: only "
                + "thanos has hashrings)"
        )
    }

    func findings(about tenant: Tenant) -> [Diagnostic] {
        let fields = [
            "limits": tenant.spec.limits != nil, "shuffleShardSize": tenant.spec.shuffleShardSize != nil,
        ]
        return fields.filter(\.value).keys.sorted().map { field in
            .warning(
                .tenant(tenant.metadata.key), "spec.\(field)", "NoEffect",
                "has no effect: GlobalView \"\(view.metadata.name)\" does not use Thanos")
        }
    }

    func hashring(of tenant: Tenant) -> String? { tenant.spec.hashring }
}
