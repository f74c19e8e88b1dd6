public import Kube

/// The central side: where tenants' metrics arrive and where they are read.
public struct GlobalView: CustomResource {
    public var metadata: ObjectMeta
    public var spec: GlobalViewSpec
    public var status: GlobalViewStatus?

    /// `globalviews.tributary.dev`.
    public static let resource = TributaryAPI.resource("GlobalView", plural: "globalviews")
}

/// What is asked of the central side: which kind it is, and what all kinds have in common.
public struct GlobalViewSpec: Sendable, Hashable, Codable {
    public var tenantLabel: String?
    public var thanos: ThanosSpec?
    public var prometheus: PrometheusSpec?
    public var external: ExternalSpec?
    public var ingress: IngressSpec?
    public var readProxy: ReadProxySpec?
    public var grafana: GrafanaDefaults?
    public var paused: Bool?
}

// MARK: - What holds where nothing is said

extension GlobalView {
    /// What stands behind the view, as the status and its column name it: `thanos`, `prometheus` or `external`.
    public var kindName: String {
        if spec.thanos != nil { "thanos" } else if spec.prometheus != nil { "prometheus" } else { "external" }
    }

    /// The label that each series carries its tenant's id in: Thanos's own `tenant_id` there, else `tenant`.
    public var tenantLabel: String { spec.tenantLabel ?? (spec.thanos == nil ? "tenant" : "tenant_id") }

    /// The ConfigMap that Thanos's receivers mount the hashring file from: `<name>-hashrings`.
    public var hashringConfigMapName: String { spec.thanos?.configMapName ?? "\(metadata.name)-hashrings" }

    /// The ConfigMap that Thanos's routers mount the limits file from: `<name>-receive-limits`. The file's name in it is
    /// ``limitsFileName``.
    public var limitsConfigMapName: String { spec.thanos?.limitsConfigMapName ?? "\(metadata.name)-receive-limits" }

    /// The key of the limits file in its ConfigMap.
    public static let limitsFileName = "limits.yaml"

    /// The central Prometheus's version.
    public var prometheusVersionText: String { spec.prometheus?.version ?? "v3.5.0" }
    /// The central Prometheus's image.
    public var prometheusImage: String {
        spec.prometheus?.image ?? "quay.io/prometheus/prometheus:\(Self.tag(prometheusVersionText))"
    }

    /// Thanos's version.
    public var thanosVersion: String { spec.thanos?.version ?? "v0.41.0" }
    /// Thanos's image.
    public var thanosImage: String { spec.thanos?.image ?? "quay.io/thanos/thanos:\(Self.tag(thanosVersion))" }

    /// The version of the tenants' prom-label-proxy.
    public var readProxyVersion: String { spec.readProxy?.version ?? "v0.14.0" }
    /// The image of the tenants' prom-label-proxy.
    public var readProxyImage: String {
        spec.readProxy?.image
            ?? "quay.io/prometheuscommunity/prom-label-proxy:\(Self.tag(readProxyVersion))"
    }

    /// Whether the operator leaves everything of this view as it is.
    public var isPaused: Bool { spec.paused ?? false }

    /// A version as images are tagged with it: with a `v` before it.
    static func tag(_ version: String) -> String { version.hasPrefix("v") ? version : "v\(version)" }
}

// MARK: - Schema

extension GlobalView {
    static let rules: [CheckedRule<GlobalView>] =
        NameRule.rules(max: 41) + [
            CheckedRule(
                """
                !has(self.spec.thanos) || (has(self.spec.thanos.configMapName) ? self.spec.thanos.configMapName \
                : self.metadata.name + '-hashrings') != (has(self.spec.thanos.limitsConfigMapName) \
                ? self.spec.thanos.limitsConfigMapName : self.metadata.name + '-receive-limits')
                """,
                "should not be the ConfigMap of the hashring file", at: "spec.thanos.limitsConfigMapName"
            ) { $0.spec.thanos == nil || $0.hashringConfigMapName != $0.limitsConfigMapName }
        ]

    public static let schema = Definition.root(
        "The central side: where tenants' metrics arrive and where they are read.",
        spec: GlobalViewSpec.schema, status: GlobalViewStatus.schema
    ).with(rules: rules)

    public static var crd: JSON {
        Definition(
            resource: resource, shortNames: ["gv"], schema: schema,
            columns: [
                .init(name: "Kind", path: ".status.kind", description: "What stands behind the view."),
                .init(
                    name: "Tenants", type: "integer", path: ".status.tenants",
                    description: "How many tenants name the view."),
                .init(
                    name: "Hashrings", path: ".status.hashringSummary",
                    description: "The members of each hashring, of those that are wanted."),
                .init(
                    name: "Published", type: "date", path: ".status.publishedAt",
                    description: "When the hashring file last changed."),
                .ready, .message, .age,
            ]
        ).json
    }

    public func validate() -> [FieldError] {
        var errors: [FieldError] = []
        let path = FieldPath("spec")
        errors.check(self, Self.rules, at: FieldPath())
        errors.check(spec, GlobalViewSpec.rules, at: path)
        spec.thanos?.validate(at: path.appending("thanos"), &errors)
        spec.prometheus?.validate(at: path.appending("prometheus"), &errors)
        return errors
    }
}

extension GlobalViewSpec {
    static let rules: [CheckedRule<GlobalViewSpec>] = [
        .exactlyOne(of: [
            .init("prometheus") { $0.prometheus != nil }, .init("thanos") { $0.thanos != nil },
            .init("external") { $0.external != nil },
        ]),
        CheckedRule(
            "!(has(self.ingress) && has(self.external))",
            "should be absent with \"external\": agents write to external.writeURL, and an Ingress leads into this cluster",
            at: "ingress"
        ) { $0.ingress == nil || $0.external == nil },
    ]

    static let schema = Schema.object(
        [
            "tenantLabel": .text(
                """
                The label that each series carries its tenant's id in: agents add it, read proxies enforce it. Defaults \
                to tenant_id with thanos (receivers' --receive.tenant-label-name must be the same) and to tenant else.
                """, max: 128, pattern: "^[a-zA-Z_][a-zA-Z0-9_]*$"),
            "thanos": ThanosSpec.schema,
            "prometheus": PrometheusSpec.schema,
            "external": ExternalSpec.schema,
            "ingress": IngressSpec.schema,
            "readProxy": ReadProxySpec.schema,
            "grafana": GrafanaDefaults.schema,
            "paused": .boolean(
                "Leaves everything that was made for this view as it is, until it is false again. Defaults to false."),
        ], description: "What is asked of the central side: exactly one of prometheus, thanos and external."
    ).with(rules: rules)
}
