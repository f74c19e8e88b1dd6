import Kube
import PlanningInput
import TributaryAPI

/// What a global view with `grafana.api` wants of its Grafana, and the record of what was created there.
struct ViewGrafana {
    var view: GlobalView
    var snapshot: Snapshot

    func add(to plan: inout Plan) {
        guard let api = view.spec.grafana?.api else { return }
        let key = view.metadata.key
        let observed = snapshot.grafana[key]
        let organizations = observed?.organizations ?? [:]
        let namespace = view.metadata.namespace ?? "default"
        let abandoned = organizations.keys.filter { tenant in
            snapshot.tenants[ObjectKey(namespace: namespace, name: tenant)]?.globalViewKey != key
        }
        plan.grafana = .server(
            GrafanaServer(
                url: api.url, secret: ObjectKey(namespace: namespace, name: api.adminSecretRef.name),
                userKey: api.adminSecretRef.userKey ?? "admin-user",
                passwordKey: api.adminSecretRef.passwordKey ?? "admin-password", viewUID: view.metadata.uid ?? "",
                abandoned: Set(abandoned)))
        if !organizations.isEmpty {
            let owner = Owner(resource: GlobalView.resource, metadata: view.metadata)
            plan.objects.append(
                owner.object(
                    .configMaps, GrafanaRecord.name(of: view.metadata.name),
                    labels: owner.labels("grafana", program: "grafana"), ["data": GrafanaRecord.data(organizations)]))
        }
        if let problem = observed?.server {
            plan.diagnostics.append(
                .warning(.globalView(key), problem.field, problem.reason, problem.message))
        }
    }
}
