public import Kube

/// A cluster, a team or an edge device whose metrics no other tenant may read.
public struct Tenant: CustomResource {
    /// The metadata of the object.
    public var metadata: ObjectMeta
    /// The desired state.
    public var spec: TenantSpec
    /// The observed state; nil before the operator first reports it.
    public var status: TenantStatus?

    /// `tenants.tributary.dev`.
    public static let resource = TributaryAPI.resource("Tenant", plural: "tenants")
}

// MARK: - Defaults

extension Tenant {
    /// The id that the header and the label hold. Defaults to the name.
    public var id: String { spec.id ?? metadata.name }

    /// Whether the id is a pattern, which stands for every id that it matches.
    public var isGlob: Bool { spec.matcher == "glob" }

    /// Whether the entries in the hashring and in the limits file remain when the tenant is deleted.
    public var isRetained: Bool { spec.deletionPolicy == "Retain" }

    /// The GlobalView that the tenant refers to, in its own namespace.
    public var globalViewKey: ObjectKey {
        ObjectKey(namespace: metadata.namespace ?? "default", name: spec.globalViewRef.name)
    }

    /// The name of the datasource in Grafana. Defaults to the id.
    public var datasourceName: String { spec.grafana?.datasource?.name ?? id }
}

// MARK: - Schema

extension Tenant {
    static let rules: [CheckedRule<Tenant>] = NameRule.rules(max: 58)

    /// The only rule that compares with the previous object. It is not checked offline, where there is none.
    static let immutableID = Schema.Rule(
        """
        (has(self.spec.id) ? self.spec.id : self.metadata.name) == \
        (has(oldSelf.spec.id) ? oldSelf.spec.id : oldSelf.metadata.name)
        """,
        message: "cannot be changed: the stored series carry it; create another Tenant for a new id",
        fieldPath: ".spec.id")

    /// The structural schema in the CustomResourceDefinition.
    public static let schema = Definition.root(
        "A Tenant is a cluster, a team or an edge device whose metrics no other tenant may read.",
        spec: TenantSpec.schema, status: TenantStatus.schema
    ).with(rules: rules).with { $0.rules.append(immutableID) }

    /// The CustomResourceDefinition.
    public static var crd: JSON {
        Definition(
            resource: resource, shortNames: ["tnt"], schema: schema,
            columns: [
                .init(name: "ID", path: ".status.id", description: "The id that the header and the label hold."),
                .init(name: "Hashring", path: ".status.hashring", description: "The hashring of the tenant."),
                .init(
                    name: "Receiving", path: #".status.conditions[?(@.type=="Receiving")].status"#,
                    description: "Whether samples of the tenant arrive."),
                .init(
                    name: "Series", type: "integer", path: ".status.received.series",
                    description: "About how many series the tenant has."),
                .init(
                    name: "Last Sample", path: ".status.received.lastSample",
                    description: "The time of the newest sample; now while samples arrive."),
                .init(name: "Read URL", path: ".status.readURL", description: "The URL to read from."),
                .init(
                    name: "Write URL", path: ".status.writeURL", description: "The URL to write to.", priority: 1),
                .ready, .message, .age,
            ]
        ).json
    }

    /// The CEL rules of the schema that the object violates.
    public func findBrokenRules() -> [FieldError] {
        var errors: [FieldError] = []
        errors.check(self, Self.rules, at: FieldPath())
        errors.check(spec, TenantSpec.rules, at: FieldPath("spec"))
        spec.rules?.checkRules(at: FieldPath("spec.rules"), &errors)
        spec.limits?.checkRules(at: FieldPath("spec.limits"), &errors)
        return errors
    }
}
