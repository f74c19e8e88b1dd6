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
    /// What it is for, as a sentence of the docs.
    package var purpose: String
    package var scope: Scope
    /// The only object that is meant; nil for all.
    package var name: String?
    /// What does not work without it; nil if the operator does not work at all.
    package var without: String?

    private init(
        _ group: String, _ resource: String, _ verbs: [String], _ purpose: String, _ scope: Scope, name: String?,
        without: String?
    ) {
        self.group = group
        self.resource = resource
        self.verbs = verbs
        self.purpose = purpose
        self.scope = scope
        self.name = name
        self.without = without
    }

    private static func each(
        _ group: String, _ resources: [String], _ verbs: [String], for purpose: String, _ scope: Scope = .watched,
        name: String? = nil, without: String? = nil
    ) -> [OperatorPermission] {
        resources.map { OperatorPermission(group, $0, verbs, purpose, scope, name: name, without: without) }
    }

    private static let made = ["get", "list", "watch", "create", "patch", "delete"]
    private static let read = ["get", "list", "watch"]
    private static let monitors = ["servicemonitors", "podmonitors", "probes", "scrapeconfigs", "prometheusrules"]
    private static let kinds = ["globalviews", "tenants", "prometheusagents"]
    private static let rbac = "rbac.authorization.k8s.io"
    private static let owned = "It makes, follows and removes them for custom resources."
    private static let leads = "One of its pods leads, in each shard."
    /// The Leases of the shards that there can be. Whoever leads looks at all of them.
    private static let leases = ["tributary.tributary.dev"] + (1..<16).map { "tributary.tributary.dev-\($0)" }
    private static let granted = "It grants this to agents, and Kubernetes lets it grant only what it has."

    /// All of them, in the order of the manifests.
    package static let all: [OperatorPermission] = [
        each("tributary.dev", kinds, read, for: "It plans what the custom resources ask for."),
        each("tributary.dev", kinds.map { "\($0)/status" }, ["patch"], for: "It writes statuses."),
        each(
            "tributary.dev", kinds.map { "\($0)/finalizers" }, ["update"],
            for: "Kubernetes asks for it where owner references block deletion.",
            without: "objects cannot be owned where OwnerReferencesPermissionEnforcement is on"),
        each("", ["configmaps", "secrets", "services", "serviceaccounts"], made, for: owned),
        each("apps", ["deployments", "statefulsets", "daemonsets"], made, for: owned),
        each("networking.k8s.io", ["ingresses", "networkpolicies"], made, for: owned),
        each(
            "gateway.networking.k8s.io", ["httproutes"], made, for: owned,
            without: "GlobalViews with httpRoute do not work"),
        each(
            "grafana.integreatly.org", ["grafanadatasources"], made, for: owned,
            without: "GlobalViews with grafana.datasources: GrafanaOperator do not work"),
        each(
            "cert-manager.io", ["certificates"], made, for: owned,
            without: "GlobalViews with thanos.tls.certificate do not work"),
        each("policy", ["poddisruptionbudgets"], made, for: owned),
        each(rbac, ["roles", "rolebindings"], made, for: "It lets agents discover targets."),
        each(
            "", ["pods", "namespaces"], read,
            for:
                "It follows receivers and its own pods, reads its own image, and selects monitors by the labels of namespaces."
        ),
        each(
            "", ["pods"], ["patch"], for: "An annotation has the kubelet bring changed files at once.",
            without: "pods get changed files on the next kubelet sync, after one or two minutes"),
        each(
            "", ["pods/log"], ["get"], for: "The log of an agent says why its samples do not arrive.",
            without: "statuses of agents do not say why samples do not arrive"),
        each(
            "", ["nodes"], ["list", "watch"], for: "The labels of nodes have the zones of receivers.", .cluster,
            without: "hashrings with membership.zone {from: node} do not work"),
        each(
            "", ["endpoints"], read, for: granted, without: "agents that discover Services cannot be granted that"),
        each(
            "discovery.k8s.io", ["endpointslices"], read, for: granted,
            without: "agents that discover Services cannot be granted that"),
        each(
            "monitoring.coreos.com", monitors, read, for: "Agents, tenants and views select them.",
            without: "agents do not select such monitors, nor tenants and views rules"),
        each(
            "events.k8s.io", ["events"], ["create", "patch"], for: "It says what is wrong, and counts repetitions.",
            without: "there are no Events"),
        each("coordination.k8s.io", ["leases"], ["create"], for: leads, .own),
        leases.flatMap { each("coordination.k8s.io", ["leases"], ["get", "update"], for: leads, .own, name: $0) },
        monitors.flatMap { kind in
            each(
                "apiextensions.k8s.io", ["customresourcedefinitions"], read,
                for: "It sees whether monitors and rules are installed.", .cluster,
                name: "\(kind).monitoring.coreos.com", without: "nobody selects \(kind)")
        },
        each(
            rbac, ["clusterrolebindings"], made,
            for: "It binds agents that discover targets in all namespaces to an installed role.", .cluster,
            without: "agents that discover targets in all namespaces get no permission for it"),
        ["tributary-agent-discovery", "tributary-agent-nodes"].flatMap { name in
            each(
                rbac, ["clusterroles"], ["bind"], for: "It may bind agents to these roles and to no others.", .cluster,
                name: name, without: "agents that discover targets in all namespaces get no permission for it")
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
    /// A permission, those of its verbs that are refused, and where, such as `namespace shop`.
    package typealias Refusal = (permission: OperatorPermission, verbs: [String], place: String)

    /// The lines about permissions of `subject`, such as `system:serviceaccount:tributary-system:tributary`.
    ///
    /// `place` says where the operator works, such as `all namespaces`.
    package static func lines(asked: Int, refused: [Refusal], subject: String, place: String) -> [CheckLine] {
        guard !refused.isEmpty else {
            return [
                CheckLine(
                    .ok, "permissions", "\(subject) has all \(asked) permissions that the operator needs in \(place)")
            ]
        }
        return refused.map { permission, verbs, place in
            CheckLine(
                permission.without == nil ? .error : .warning, "permissions",
                "\(subject) may not \(permission.text(verbs)) in \(place)"
                    + (permission.without.map { ": \($0)" } ?? ": the operator does not work"),
                advice: "apply the roles of this version: kubectl apply --server-side -k manifests, or helm upgrade")
        }
    }
}
