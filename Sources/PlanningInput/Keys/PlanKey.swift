public import Kube
import TributaryAPI

/// The custom resource that a plan is for: the unit of the operator's work queue.
public enum PlanKey: Sendable, Hashable, CustomStringConvertible {
    case globalView(ObjectKey)
    case tenant(ObjectKey)
    case agent(ObjectKey)

    /// The key of a custom resource of a group and kind; nil for kinds of other groups.
    public init?(group: String, kind: String, _ key: ObjectKey) {
        guard group == TributaryAPI.group else { return nil }
        switch kind {
        case GlobalView.resource.kind: self = .globalView(key)
        case Tenant.resource.kind: self = .tenant(key)
        case PrometheusAgent.resource.kind: self = .agent(key)
        default: return nil
        }
    }

    /// The custom resource's kind.
    public var resource: Resource {
        switch self {
        case .globalView: GlobalView.resource
        case .tenant: Tenant.resource
        case .agent: PrometheusAgent.resource
        }
    }

    /// The custom resource's namespace and name.
    public var objectKey: ObjectKey {
        switch self {
        case .globalView(let key), .tenant(let key), .agent(let key): key
        }
    }

    public var description: String { "\(resource.kind) \(objectKey)" }
}
