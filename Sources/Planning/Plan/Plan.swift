public import Kube
public import PlanningInput

/// What should be: the outcome of planning, for one custom resource or for all of them.
public struct Plan: Sendable, Hashable {
    /// The objects that should exist, in the order in which to apply them.
    public var objects: [Object] = []
    /// The statuses that custom resources should have.
    public var statuses: [StatusUpdate] = []
    /// The errors and warnings about custom resources.
    public var diagnostics: [Diagnostic] = []
    /// The annotations to write onto pods, so that their kubelets update the volumes at once.
    public var annotations: [PodAnnotation] = []
    /// After which time another plan may differ although nothing has changed; nil if it does not depend on time.
    public var recheckAfter: Duration?
    /// Whether existing objects stay although this plan does not name them: the last good ones, while the custom
    /// resource cannot be followed.
    public var keepsExisting = false
    /// The existing objects that are no longer asked for and stay for now, since something still needs them.
    public var keeps: Set<Kept> = []
    /// The objects that go although ``keepsExisting`` says that the others stay: copies of credentials that are no longer
    /// granted.
    public var revokes: Set<Kept> = []
    /// The credentials that existing Secrets hold, as far as the plan knows. A Secret that holds another one meanwhile, or
    /// one although the plan knows of none, is not written to.
    public var replaces: [ObjectKey: TenantCredential] = [:]
    /// The replicas that existing StatefulSets have, as far as the plan knows, where somebody else may scale them. One that
    /// has another number meanwhile is not written to.
    public var scaled: [ObjectKey: Int] = [:]
    /// The hashrings in numbers, in the plan of one global view that has them; nil if they are unchanged.
    public var hashrings: HashringReport?
    /// What became of the monitors that an agent selects; nil for an agent that selects none.
    public var monitors: MonitorReport?
    /// The Secrets and ConfigMaps that the plan read; of a plan that is waiting, those that it waits for.
    public var credentialSources: Set<CredentialSource> = []
    /// Whether there is no plan yet, since some of ``credentialSources`` are unknown.
    public var isWaiting = false
    /// Whether something is left out for now, since some of ``credentialSources`` are unknown.
    public var isPartial = false
    /// The pods to ask which hashring file they have loaded.
    public var fileReaders: [FileReader] = []
    /// The shards that drain, and how to ask them for their progress.
    public var drainTargets: [DrainTarget] = []
    /// Where the pods of an agent answer what they send; nil if they are not to be asked.
    public var agentEndpoint: AgentEndpoint?
    /// Whether an agent delivers, as its status says; nil where that is not known.
    public var delivery: DeliveryReport?
    /// How to ask a view for the series of its tenants; nil if it is not to be asked.
    public var seriesQuestion: SeriesQuestion?
    /// Whether samples of a tenant have arrived and no longer do.
    public var isSilent = false
    /// What is wanted of a Grafana server; nil without one, and while that is not known.
    public var grafana: GrafanaPlan?

    /// An existing object that stays.
    public struct Kept: Sendable, Hashable {
        public var resource: Resource
        public var key: ObjectKey

        init(_ resource: Resource, _ key: ObjectKey) {
            self.resource = resource
            self.key = key
        }
    }

    /// An empty plan.
    public init() {}

    /// The plan for a custom resource that the snapshot does not have: nothing is created and nothing removed, since
    /// the snapshot may not have been told of it yet.
    static var unknown: Plan {
        var plan = Plan()
        plan.keepsExisting = true
        return plan
    }

    /// The plan that waits until some Secrets and ConfigMaps have been read.
    static func waiting(for sources: Set<CredentialSource>) -> Plan {
        var plan = unknown
        plan.credentialSources = sources
        plan.isWaiting = true
        return plan
    }

    /// Adds another plan to this one.
    public mutating func add(_ other: Plan) {
        objects += other.objects
        statuses += other.statuses
        diagnostics += other.diagnostics
        annotations += other.annotations
        keepsExisting = keepsExisting || other.keepsExisting
        keeps.formUnion(other.keeps)
        revokes.formUnion(other.revokes)
        replaces.merge(other.replaces) { _, new in new }
        scaled.merge(other.scaled) { _, new in new }
        credentialSources.formUnion(other.credentialSources)
        isWaiting = isWaiting || other.isWaiting
        isPartial = isPartial || other.isPartial
        drainTargets += other.drainTargets
        fileReaders += other.fileReaders
        grafana = other.grafana ?? grafana
        if let report = other.hashrings { hashrings = report }
        if let report = other.monitors { monitors = (monitors ?? MonitorReport()).adding(report) }
        recheck(after: other.recheckAfter)
    }

    /// Asks for another plan after some time at the latest; nil asks for none.
    mutating func recheck(after time: Duration?) {
        recheckAfter = [recheckAfter, time].compactMap(\.self).min()
    }
}

/// The status that a custom resource should have.
public struct StatusUpdate: Sendable, Hashable {
    /// The custom resource's kind.
    public var resource: Resource
    /// The custom resource.
    public var key: ObjectKey
    /// The whole `status`.
    public var status: JSON
}
