import Kube
import PlanningInput
import TributaryAPI

/// What a tenant's settings for reading do not do behind the view's gateway.
struct ReadFindings {
    let tenant: Tenant
    let view: GlobalView
    let endpoints: ViewEndpoints

    var findings: [Diagnostic] {
        [sharedProxy("replicas", tenant.spec.read?.replicas != nil), allowFrom, alsoSees].compactMap(\.self)
    }

    private var hasOwnProxy: Bool { !view.sharesReadProxy && !endpoints.isolatesReads }

    private func sharedProxy(_ field: String, _ isSet: Bool) -> Diagnostic? {
        guard isSet, !hasOwnProxy else { return nil }
        return noEffect(
            field,
            "the tenant has no read proxy of its own: it reads through the gateway of GlobalView \"\(name)\"")
    }

    private var allowFrom: Diagnostic? {
        guard tenant.spec.read?.allowFrom != nil else { return nil }
        if let shared = sharedProxy("allowFrom", true) { return shared }
        guard view.spec.networkPolicies == "None" else { return nil }
        return noEffect("allowFrom", "GlobalView \"\(name)\" has networkPolicies: None")
    }

    private var alsoSees: Diagnostic? {
        guard endpoints.isolatesReads, tenant.spec.read?.alsoSees?.isEmpty == false else { return nil }
        return noEffect(
            "alsoSees", "the service behind GlobalView \"\(name)\" shows each tenant its own series only")
    }

    private var name: String { view.metadata.name }

    private func noEffect(_ field: String, _ reason: String) -> Diagnostic {
        .warning(.tenant(tenant.metadata.key), "spec.read.\(field)", "NoEffect", "has no effect: \(reason)")
    }
}
