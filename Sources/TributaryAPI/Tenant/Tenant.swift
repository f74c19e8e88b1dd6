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
    public var hashring: String?
    public var limits: LimitsSpec?
    public var read: ReadSpec?
    public var grafana: GrafanaSpec?
    public var deletionPolicy: String?
}

// MARK: - What holds where nothing is said

extension Tenant {
    /// What header and label carry: `spec.id`, else the name.
    public var id: String { spec.id ?? metadata.name }

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
        return errors
    }
}

extension TenantSpec {
    static let rules: [CheckedRule<TenantSpec>] = [
        CheckedRule(
            "!has(self.id) || (self.id != '.' && self.id != '..')",
            "cannot be an id: receivers keep each tenant in a folder of its name", at: "id",
            found: .init(cel: "'\"' + self.id + '\"'") { "\"\($0.id ?? "")\"" }
        ) { $0.id != "." && $0.id != ".." }
    ]

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
                """, max: 150, pattern: #"^[A-Za-z0-9!_.*'()@:+=~-]+$"#),
            "hashring": .text(
                """
                The hashring of a hard tenant, by its name in the GlobalView. Takes effect with thanos. Defaults to \
                none: a soft tenant, on the soft hashring with all the others.
                """, max: 40),
            "limits": LimitsSpec.schema,
            "read": ReadSpec.schema,
            "grafana": GrafanaSpec.schema,
            "deletionPolicy": .choice(
                """
                What happens to the tenant's entry in its hard hashring when the Tenant is deleted: Remove takes it \
                away, Retain leaves it, so that what is still sent arrives where it did. Everything else that was made \
                for the tenant goes; stored series are never touched. Defaults to Remove.
                """, ["Retain", "Remove"]),
        ], required: ["globalViewRef"], description: "What is asked for the tenant."
    ).with(rules: rules)
}
