import Kube
import PlanningInput
import TributaryAPI

extension SeriesQuestion {
    /// The question for a view with these endpoints; nil if no query shows all tenants.
    init?(_ endpoints: ViewEndpoints) {
        guard !endpoints.needsTenant, let url = endpoints.wideQueryURL ?? endpoints.queryURL else { return nil }
        self.init(url: url, label: endpoints.tenantLabel)
    }

    /// The same with what the query API wants of who asks, and the authorities that it is checked with.
    init?(_ endpoints: ViewEndpoints, of view: GlobalView, in snapshot: Snapshot) {
        self.init(endpoints)
        if let source = endpoints.queryAuthorities, let reference = view.reference(to: source),
            case .value(let bytes) = snapshot.monitoring.find(reference)
        {
            authorities = bytes
        }
        authorization = endpoints.login?.authorization
    }
}
