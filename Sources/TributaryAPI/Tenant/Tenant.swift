public import Kube

/// One tenant: a cluster, a team, a box at the edge, whose metrics nobody else may read.
public struct Tenant: CustomResource {
    public var metadata: ObjectMeta
    public var spec: TenantSpec
    public var status: TenantStatus?

    /// `tenants.tributary.dev`.
    public static let resource = TributaryAPI.resource("Tenant", plural: "tenants")
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
