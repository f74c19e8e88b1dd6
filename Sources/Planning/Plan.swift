public import Kube
import TributaryAPI

/// What should be: the outcome of planning, for one custom resource or for all of them.
public struct Plan: Sendable, Hashable {
    /// The objects that should exist, in the order in which to apply them.
    public var objects: [Object] = []
    /// The statuses that custom resources should show.
    public var statuses: [StatusUpdate] = []
    /// What was found wrong or worth knowing.
    public var diagnostics: [Diagnostic] = []
    /// What to write onto others' pods, so that kubelets look at their volumes at once.
    public var annotations: [PodAnnotation] = []
    /// When planning again may give another outcome though nothing was observed to change; nil where time changes nothing.
    public var recheckAfter: Duration?
    /// Whether objects that were made before stay although this plan does not name them: the last good ones, where the
    /// custom resource cannot be followed now.
    public var keepsExisting = false
    /// The hashrings in numbers, in the plan of one global view that has them; nil where they are as they were.
    public var hashrings: HashringReport?
    /// What became of the monitors that an agent selects; nil for what selects none.
    public var monitors: MonitorReport?
    /// The Secrets and ConfigMaps that monitors refer to, whose content the plan depends on.
    public var credentialSources: Set<CredentialSource> = []
    /// Whether there is no plan yet, as some of ``credentialSources`` were not looked at.
    public var isWaiting = false

    /// What was made before, is not asked for any more, and stays as it is for now, since somebody still needs it.
    public var keeps: Set<Kept> = []

    /// An object that stays.
    public struct Kept: Sendable, Hashable {
        public var resource: Resource
        public var key: ObjectKey

        init(_ resource: Resource, _ key: ObjectKey) {
            self.resource = resource
            self.key = key
        }
    }

    /// The shards that drain, and whom to ask how far they are.
    public var drainTargets: [DrainTarget] = []

    /// A plan of nothing.
    public init() {}

    /// The plan for a custom resource that is not known.
    static var unknown: Plan {
        var plan = Plan()
        plan.keepsExisting = true
        return plan
    }

    /// Adds what another plan wants.
    public mutating func add(_ other: Plan) {
        objects += other.objects
        statuses += other.statuses
        diagnostics += other.diagnostics
        annotations += other.annotations
        keepsExisting = keepsExisting || other.keepsExisting
        keeps.formUnion(other.keeps)
        credentialSources.formUnion(other.credentialSources)
        isWaiting = isWaiting || other.isWaiting
        if let report = other.monitors { monitors = (monitors ?? MonitorReport()).adding(report) }
        if let after = other.recheckAfter { recheckAfter = min(after, recheckAfter ?? after) }
    }
}

/// The status that a custom resource should show.
public struct StatusUpdate: Sendable, Hashable {
    /// The custom resource's kind.
    public var resource: Resource
    /// The custom resource.
    public var key: ObjectKey
    /// The whole `status`.
    public var status: JSON
}

/// The custom resource that a piece of a plan is for: the unit in which the operator works.
public enum PlanKey: Sendable, Hashable, CustomStringConvertible {
    case globalView(ObjectKey)
    case tenant(ObjectKey)
    case agent(ObjectKey)

    /// The custom resource of a group and kind; nil for a kind that is not Tributary's.
    public init?(group: String, kind: String, _ key: ObjectKey) {
        guard group == TributaryAPI.group else { return nil }
        switch kind {
        case GlobalView.resource.kind: self = .globalView(key)
        case Tenant.resource.kind: self = .tenant(key)
        case PrometheusAgent.resource.kind: self = .agent(key)
        default: return nil
        }
    }

    /// The kind.
    public var resource: Resource {
        switch self {
        case .globalView: GlobalView.resource
        case .tenant: Tenant.resource
        case .agent: PrometheusAgent.resource
        }
    }

    public var description: String { "\(resource.kind) \(objectKey)" }

    /// The custom resource's namespace and name.
    public var objectKey: ObjectKey {
        switch self {
        case .globalView(let key), .tenant(let key), .agent(let key): key
        }
    }
}

extension Plan {
    /// A plan for a custom resource that cannot be read: what was made for it stays, and its status says why.
    public init(unreadable key: PlanKey, _ error: FieldError, over object: Object, now: Timestamp) {
        self.init()
        keepsExisting = true
        diagnostics = [
            Diagnostic(
                severity: .error, about: key, field: error.path, reason: "InvalidSpec", message: error.problem)
        ]
        var status = object.json["status"] ?? [:]
        status["conditions"] = Readiness.stalled("InvalidSpec", "\(error)")
            .conditions(over: object, generation: nil, now: now)
        statuses = [StatusUpdate(resource: key.resource, key: key.objectKey, status: status)]
    }

    /// A plan for a custom resource of which not all is known that it depends on: what was made for it stays, and its
    /// status says what fails.
    public init(waiting key: PlanKey, for failure: String, over object: Object, now: Timestamp) {
        self.init()
        keepsExisting = true
        diagnostics = [.error(key, nil, "WatchFailing", failure)]
        var status = object.json["status"] ?? [:]
        status["conditions"] = Readiness.stalled("WatchFailing", failure)
            .conditions(over: object, generation: nil, now: now)
        statuses = [StatusUpdate(resource: key.resource, key: key.objectKey, status: status)]
    }

    /// Says in the status and as a diagnostic that something stands in the way of what was planned.
    public mutating func stall(_ key: PlanKey, over object: Object, reason: String, message: String, now: Timestamp) {
        diagnostics.append(
            Diagnostic(severity: .error, about: key, field: nil, reason: reason, message: message))
        for index in statuses.indices
        where statuses[index].key == key.objectKey && statuses[index].resource == key.resource {
            let generation = statuses[index].status["observedGeneration"]?.int.map { Int64($0) }
            statuses[index].status["conditions"] = Readiness.stalled(reason, message)
                .conditions(over: object, generation: generation, now: now)
        }
    }
}
