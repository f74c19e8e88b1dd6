public import Kube

/// One tenant: a cluster, a team, a box at the edge, whose metrics nobody else may read.
public struct Tenant: CustomResource {
    public var metadata: ObjectMeta
    public var spec: TenantSpec
    public var status: TenantStatus?

    /// `tenants.tributary.dev`.
    public static let resource = TributaryAPI.resource("Tenant", plural: "tenants")
}

/// What is asked for a tenant.
public struct TenantSpec: Sendable, Hashable, Codable {
    public var globalViewRef: LocalReference
    public var id: String?
    public var matcher: String?
    public var hashring: String?
    public var externalLabels: [String: String]?
    public var shuffleShardSize: Int?
    public var limits: LimitsSpec?
    public var read: ReadSpec?
    public var grafana: GrafanaSpec?
    public var deletionPolicy: String?
}

// MARK: - What holds where nothing is said

extension Tenant {
    /// What header and label carry: `spec.id`, else the name.
    public var id: String { spec.id ?? metadata.name }

    /// Whether the id is a pattern, which stands for every tenant whose id it matches.
    public var isGlob: Bool { spec.matcher == "glob" }

    /// Whether what was made of the tenant in hashring and limits stays when it is deleted.
    public var isRetained: Bool { spec.deletionPolicy == "Retain" }

    /// The GlobalView: beside the tenant, by the name it gives.
    public var globalViewKey: ObjectKey {
        ObjectKey(namespace: metadata.namespace ?? "default", name: spec.globalViewRef.name)
    }

    /// The datasource's name in Grafana: `spec.grafana.datasource.name`, else the id.
    public var datasourceName: String { spec.grafana?.datasource?.name ?? id }
}

// MARK: - Schema

extension Tenant {
    static let rules: [CheckedRule<Tenant>] = NameRule.rules(max: 58)

    /// The one rule that compares with what was there before; offline there is nothing to compare with.
    static let immutableID = Schema.Rule(
        """
        (has(self.spec.id) ? self.spec.id : self.metadata.name) == \
        (has(oldSelf.spec.id) ? oldSelf.spec.id : oldSelf.metadata.name)
        """,
        message: "cannot be changed: the stored series carry it; make a new Tenant for a new id", fieldPath: ".spec.id")

    public static let schema = Definition.root(
        "One tenant of a global view: a cluster, a team, a box at the edge, whose metrics nobody else may read.",
        spec: TenantSpec.schema, status: TenantStatus.schema
    ).with(rules: rules).with { $0.rules.append(immutableID) }

    public static var crd: JSON {
        Definition(
            resource: resource, shortNames: ["tnt"], schema: schema,
            columns: [
                .init(name: "ID", path: ".status.id", description: "What the header and the label carry."),
                .init(name: "Hashring", path: ".status.hashring", description: "The tenant's hashring."),
                .init(name: "Read URL", path: ".status.readURL", description: "Where the tenant reads."),
                .init(
                    name: "Write URL", path: ".status.writeURL", description: "Where the tenant writes.", priority: 1),
                .ready, .message, .age,
            ]
        ).json
    }

    public func validate() -> [FieldError] {
        var errors: [FieldError] = []
        errors.check(self, Self.rules, at: FieldPath())
        errors.check(spec, TenantSpec.rules, at: FieldPath("spec"))
        spec.limits?.validate(at: FieldPath("spec.limits"), &errors)
        return errors
    }
}

extension TenantSpec {
    static let schema = Schema.object(
        [
            "globalViewRef": LocalReference.schema(
                "The global view that the tenant writes to and reads from.",
                name: "The GlobalView's name, in the Tenant's own namespace."),
            "id": .text(
                """
                What the tenant's header and label carry: letters, digits and !_.*'()@:+=~- in any order, but no \
                slashes. Unique within the global view; cannot be changed, since the stored series carry it. Defaults \
                to the Tenant's name.
                """, max: 150, pattern: TenantIDs.patternOrGlob),
            "matcher": .choice(
                """
                How the id is compared: exact, or glob for a pattern as Go's filepath.Match has it, such as team-*, \
                which puts every id that it matches on the hashring. Tenants with a whole id come before patterns. \
                A pattern has no read proxy and no agents. Defaults to exact.
                """, ["exact", "glob"]),
            "hashring": .text(
                """
                The hashring of a hard tenant, by its name in the GlobalView. Takes effect with thanos. Defaults to \
                none: a soft tenant, on the soft hashring with all the others.
                """, max: 40),
            "externalLabels": .map(
                of: .string().with {
                    $0.minLength = 1
                    $0.maxLength = 512
                },
                description: """
                    Labels that the receivers give all series and blocks of the tenant, such as its region. Takes \
                    effect with thanos and a hashring of the tenant's own. Defaults to none.
                    """
            ).with { $0.maxProperties = 32 },
            "shuffleShardSize": .count(
                """
                How many of its hashring's receivers the tenant uses, where the hashring has shuffleSharding. Defaults \
                to the shardSize there.
                """, from: 1, to: 1000),
            "limits": LimitsSpec.schema(
                """
                How much the tenant may write; what is beyond is refused and lost. Takes effect with thanos, where \
                routers read the ConfigMap of limits. Defaults to thanos.limits.default of the GlobalView.
                """),
            "read": ReadSpec.schema,
            "grafana": GrafanaSpec.schema,
            "deletionPolicy": .choice(
                """
                What happens to the tenant's entries in its hard hashring and in the limits when the Tenant is deleted: \
                Remove takes them away, Retain leaves them, so that what is still sent arrives where it did and within \
                the same limits. Everything else that was made for the tenant goes; stored series are never touched. \
                Defaults to Remove.
                """, ["Retain", "Remove"]),
        ], required: ["globalViewRef"], description: "What is asked for the tenant."
    ).with(rules: rules)
}
