public import Kube

/// The central side: where tenants' metrics arrive and where they are read.
public struct GlobalView: CustomResource {
    public var metadata: ObjectMeta
    public var spec: GlobalViewSpec
    public var status: GlobalViewStatus?

    /// `globalviews.tributary.dev`.
    public static let resource = TributaryAPI.resource("GlobalView", plural: "globalviews")
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
    public var prometheusVersionText: String { spec.prometheus?.version ?? DefaultImage.prometheus.version }
    /// The central Prometheus's image.
    public var prometheusImage: String {
        spec.prometheus?.image ?? DefaultImage.prometheus.name(version: prometheusVersionText)
    }

    /// Thanos's image.
    public var thanosImage: String {
        spec.thanos?.image ?? DefaultImage.thanos.name(version: spec.thanos?.version ?? DefaultImage.thanos.version)
    }

    /// The image of the tenants' prom-label-proxy.
    public var readProxyImage: String {
        spec.readProxy?.image
            ?? DefaultImage.promLabelProxy.name(
                version: spec.readProxy?.version ?? DefaultImage.promLabelProxy.version)
    }

    /// Whether the operator leaves everything of this view as it is.
    public var isPaused: Bool { spec.paused ?? false }
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
