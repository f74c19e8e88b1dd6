public import Kube

/// The central side: it receives the metrics of its tenants and serves their queries.
public struct GlobalView: CustomResource {
    /// The metadata of the object.
    public var metadata: ObjectMeta
    /// The desired state.
    public var spec: GlobalViewSpec
    /// The observed state; nil before the operator first reports it.
    public var status: GlobalViewStatus?

    /// `globalviews.tributary.dev`.
    public static let resource = TributaryAPI.resource("GlobalView", plural: "globalviews")
}

// MARK: - Defaults

extension GlobalView {
    /// What the view consists of, as in its status: `thanos`, `prometheus` or `external`.
    public var kindName: String {
        if spec.thanos != nil { "thanos" } else if spec.prometheus != nil { "prometheus" } else { "external" }
    }

    /// The label of each series that holds the id of its tenant. Defaults to `tenant_id` with Thanos and to `tenant`
    /// otherwise.
    public var tenantLabel: String { spec.tenantLabel ?? (spec.thanos == nil ? "tenant" : "tenant_id") }

    /// The ConfigMap in which the hashring file is published. Defaults to `<name>-hashrings`.
    public var hashringConfigMapName: String { spec.thanos?.configMapName ?? "\(metadata.name)-hashrings" }

    /// The ConfigMap in which the limits file is published, under the key ``limitsFileName``. Defaults to
    /// `<name>-receive-limits`.
    public var limitsConfigMapName: String { spec.thanos?.limitsConfigMapName ?? "\(metadata.name)-receive-limits" }

    /// The key of the limits file in the ConfigMap.
    public static let limitsFileName = "limits.yaml"

    /// The version of the central Prometheus.
    public var prometheusVersionText: String { spec.prometheus?.version ?? DefaultImage.prometheus.version }
    /// The image of the central Prometheus.
    public var prometheusImage: String {
        spec.prometheus?.image ?? DefaultImage.prometheus.name(version: prometheusVersionText)
    }

    /// The image of Thanos.
    public var thanosImage: String {
        spec.thanos?.image ?? DefaultImage.thanos.name(version: spec.thanos?.version ?? DefaultImage.thanos.version)
    }

    /// The version of Thanos Rule, as far as an image without a version beside it tells.
    public var rulerVersionText: String {
        spec.rules?.version ?? spec.thanos?.version ?? DefaultImage.thanos.version
    }

    /// The image of Thanos Rule.
    public var rulerImage: String {
        if let rules = spec.rules, let image = rules.image { return image }
        if spec.rules?.version == nil, let image = spec.thanos?.image { return image }
        return DefaultImage.thanos.name(version: rulerVersionText)
    }

    /// The image of the read proxies.
    public var readProxyImage: String {
        spec.readProxy?.image
            ?? DefaultImage.promLabelProxy.name(
                version: spec.readProxy?.version ?? DefaultImage.promLabelProxy.version)
    }

    /// The image of the gateway.
    public var gatewayImage: String {
        spec.gateway?.image ?? DefaultImage.nginx.name(version: spec.gateway?.version ?? DefaultImage.nginx.version)
    }

    /// Whether client certificates tell the tenant by a URI.
    public var readsCertificateURIs: Bool { spec.gateway?.authentication?.clientCertificates?.namesURIs ?? false }

    /// Whether all tenants share one read proxy. Defaults to true behind a gateway.
    public var sharesReadProxy: Bool { spec.gateway != nil && spec.readProxy?.mode != "PerTenant" }

    /// Whether tenants behind the gateway of a central Prometheus can write series with the label of another.
    public var trustsWriters: Bool { spec.prometheus?.writeIsolation == "Trusted" }

    /// The number of pods of the central Prometheus, within its bounds.
    public var prometheusReplicas: Int { min(max(1, spec.prometheus?.replicas ?? 1), 10) }

    /// The authorities with which the certificate of the central Prometheus is checked; nil if it serves plain HTTP.
    public var prometheusAuthorities: SecretOrConfigMap? {
        spec.prometheus?.web?.tlsConfig.flatMap { _ in spec.prometheus?.web?.ca }
    }

    /// The user name and the password that the central Prometheus asks for; nil if it asks for none.
    public var prometheusLogin: (username: KeySelector, password: KeySelector)? {
        guard let login = spec.prometheus?.web?.basicAuth, let name = login.username, let password = login.password
        else { return nil }
        return (name, password)
    }

    /// The Secret with the certificate of all parts of Thanos; nil for plain connections.
    public var thanosTLSSecretName: String? {
        spec.thanos?.tls.map { $0.secretName ?? "\(metadata.name)-thanos-tls" }
    }

    /// Whether writes go through a relay, which forces the label of their tenant and sends them to all replicas. Defaults
    /// to true for a central Prometheus behind a gateway.
    public var relaysWrites: Bool {
        guard spec.gateway != nil, spec.prometheus != nil else { return false }
        // nginx would check a certificate with other authorities.
        return !trustsWriters || prometheusReplicas > 1 || prometheusAuthorities != nil || prometheusLogin != nil
    }

    /// The Tenants that federated servers belong to, whether they exist or not.
    public var federatedTenantKeys: Set<ObjectKey> {
        Set((spec.prometheus?.federate ?? []).compactMap { tenantKey(of: $0) })
    }

    /// The Tenant that a federated server belongs to, in the namespace of the view.
    public func tenantKey(of spoke: FederationSpec) -> ObjectKey? {
        spoke.tenantRef.map { ObjectKey(namespace: metadata.namespace ?? "default", name: $0.name) }
    }

    /// Whether Tributary creates NetworkPolicies. Defaults to true with a gateway.
    public var managesNetworkPolicies: Bool {
        spec.networkPolicies.map { $0 == "Managed" } ?? (spec.gateway != nil)
    }

    /// Whether tenants get a GrafanaDatasource of grafana-operator. An organization of their own takes precedence.
    public var createsGrafanaDatasources: Bool {
        spec.grafana?.api == nil && spec.grafana?.datasources == "GrafanaOperator"
    }

    /// Whether the operator leaves everything that belongs to this view unchanged.
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

    /// The structural schema in the CustomResourceDefinition.
    public static let schema = Definition.root(
        "A GlobalView is the central side: it receives the metrics of its tenants and serves their queries.",
        spec: GlobalViewSpec.schema, status: GlobalViewStatus.schema
    ).with(rules: rules)

    /// The CustomResourceDefinition.
    public static var crd: JSON {
        Definition(
            resource: resource, shortNames: ["gv"], schema: schema,
            columns: [
                .init(
                    name: "Kind", path: ".status.kind",
                    description: "What the view consists of: thanos, prometheus or external."),
                .init(
                    name: "Tenants", type: "integer", path: ".status.tenants",
                    description: "The number of tenants that refer to the view."),
                .init(
                    name: "Hashrings", path: ".status.hashringSummary",
                    description: "The current and the desired number of members of each hashring."),
                .init(
                    name: "Published", type: "date", path: ".status.publishedAt",
                    description: "The time when the hashring file last changed."),
                .ready, .message, .age,
            ]
        ).json
    }

    /// The CEL rules of the schema that the object violates.
    public func findBrokenRules() -> [FieldError] {
        var errors: [FieldError] = []
        let path = FieldPath("spec")
        errors.check(self, Self.rules, at: FieldPath())
        errors.check(spec, GlobalViewSpec.rules, at: path)
        spec.gateway?.checkRules(at: path.appending("gateway"), &errors)
        spec.thanos?.checkRules(at: path.appending("thanos"), &errors)
        spec.prometheus?.checkRules(at: path.appending("prometheus"), &errors)
        spec.rules?.checkRules(at: path.appending("rules"), &errors)
        return errors
    }
}
