import Kube

/// A permission that the operator needs: a rule of the roles in `manifests/`, which a test compares with this table.
package struct OperatorPermission: Sendable, Hashable {
    /// Where it is needed.
    package enum Scope: Sendable, Hashable {
        /// In the namespaces that the operator watches.
        case watched
        /// In the operator's own namespace.
        case own
        /// For objects that belong to no namespace; an operator for one namespace does without.
        case cluster
    }

    package var group: String
    /// The resource, with its subresource behind a slash.
    package var resource: String
    package var verbs: [String]
    package var scope: Scope
    /// The only object that is meant; nil for all.
    package var name: String?
    /// What does not work without it; nil if the operator does not work at all.
    package var without: String?

    private init(
        _ group: String, _ resource: String, _ verbs: [String], _ scope: Scope, name: String?, without: String?
    ) {
        self.group = group
        self.resource = resource
        self.verbs = verbs
        self.scope = scope
        self.name = name
        self.without = without
    }

    private static func each(
        _ group: String, _ resources: [String], _ verbs: [String], _ scope: Scope = .watched, name: String? = nil,
        without: String? = nil
    ) -> [OperatorPermission] {
        resources.map { OperatorPermission(group, $0, verbs, scope, name: name, without: without) }
    }

    private static let made = ["get", "list", "watch", "create", "patch", "delete"]
    private static let read = ["get", "list", "watch"]
    private static let monitors = ["servicemonitors", "podmonitors", "probes", "scrapeconfigs", "prometheusrules"]
    private static let kinds = ["globalviews", "tenants", "prometheusagents"]
    private static let rbac = "rbac.authorization.k8s.io"

    /// All of them, in the order of the manifests.
    package static let all: [OperatorPermission] = [
        each("tributary.dev", kinds, read + ["patch"]),
        each("tributary.dev", kinds.map { "\($0)/status" }, ["get", "patch"]),
        each(
            "tributary.dev", kinds.map { "\($0)/finalizers" }, ["update"],
            without: "objects cannot be owned where OwnerReferencesPermissionEnforcement is on"),
        each("", ["configmaps", "secrets", "services", "serviceaccounts"], made),
        each("apps", ["deployments", "statefulsets", "daemonsets"], made),
        each("networking.k8s.io", ["ingresses", "networkpolicies"], made),
        each("gateway.networking.k8s.io", ["httproutes"], made, without: "GlobalViews with httpRoute do not work"),
        each(
            "grafana.integreatly.org", ["grafanadatasources"], made,
            without: "GlobalViews with grafana.datasources: GrafanaOperator do not work"),
        each("policy", ["poddisruptionbudgets"], made),
        each(rbac, ["roles", "rolebindings"], made),
        each("", ["pods", "namespaces"], read),
        each(
            "", ["pods"], ["patch"],
            without: "pods get changed files when their kubelets come round to it, after one or two minutes"),
        each("", ["pods/log"], ["get"], without: "statuses of agents do not say why samples do not arrive"),
        each(
            "", ["nodes"], ["list", "watch"], .cluster,
            without: "hashrings with membership.zone {from: node} do not work"),
        each("", ["endpoints"], read, without: "agents that discover Services cannot be granted that"),
        each(
            "discovery.k8s.io", ["endpointslices"], read,
            without: "agents that discover Services cannot be granted that"),
        each(
            "monitoring.coreos.com", monitors, read,
            without: "agents do not select such monitors, nor tenants and views rules"),
        each("events.k8s.io", ["events"], ["create", "patch"], without: "there are no Events"),
        each("coordination.k8s.io", ["leases"], ["get", "create", "update"], .own),
        monitors.flatMap { kind in
            each(
                "apiextensions.k8s.io", ["customresourcedefinitions"], read, .cluster,
                name: "\(kind).monitoring.coreos.com", without: "nobody selects \(kind)")
        },
        each(
            rbac, ["clusterrolebindings"], made, .cluster,
            without: "agents that discover targets in all namespaces get no permission for it"),
        ["tributary-agent-discovery", "tributary-agent-nodes"].flatMap { name in
            each(
                rbac, ["clusterroles"], ["bind"], .cluster, name: name,
                without: "agents that discover targets in all namespaces get no permission for it")
        },
    ].flatMap(\.self)

    /// The permission as kubectl writes it, such as `create deployments.apps`.
    package func text(_ verbs: [String]) -> String {
        let parts = resource.split(separator: "/", maxSplits: 1)
        let base = group.isEmpty ? "\(parts[0])" : "\(parts[0]).\(group)"
        let subresource = parts.count > 1 ? "/\(parts[1])" : ""
        return "\(verbs.joined(separator: ",")) \(base)\(subresource)\(name.map { "/\($0)" } ?? "")"
    }
}

/// What the API server says about the permissions of the operator.
package struct PermissionCheck {
    /// A permission, and those of its verbs that are refused.
    package typealias Refusal = (permission: OperatorPermission, verbs: [String])

    /// The lines about permissions of `subject`, such as `system:serviceaccount:tributary-system:tributary`.
    package static func lines(asked: Int, refused: [Refusal], subject: String, namespace: String?) -> [CheckLine] {
        let place = namespace.map { "in namespace \($0)" } ?? "in all namespaces"
        guard !refused.isEmpty else {
            return [
                CheckLine(
                    .ok, "permissions", "\(subject) has all \(asked) permissions that the operator needs \(place)")
            ]
        }
        return refused.map { permission, verbs in
            CheckLine(
                permission.without == nil ? .error : .warning, "permissions",
                "\(subject) may not \(permission.text(verbs)) \(place)"
                    + (permission.without.map { ": \($0)" } ?? ": the operator does not work"),
                advice: "apply the roles of this version: kubectl apply --server-side -k manifests, or helm upgrade")
        }
    }
}
