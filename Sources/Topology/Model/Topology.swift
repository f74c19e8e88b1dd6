import Explanations
import Kube

/// What stands where: views with their rings, receivers and what stores and queries behind them; tenants with their rings;
/// agents with their tenants. Each with how it stands, and why.
package struct Topology: Sendable, Hashable {
    /// The global views, by namespace and name.
    package var views: [ViewNode] = []
    /// The tenants, the worst first.
    package var tenants: [TenantNode] = []
    /// The agents, the worst first.
    package var agents: [AgentNode] = []
    /// What is wrong with any of them, the worst and the oldest first.
    package var troubles: [Trouble] = []

    /// Nothing stands anywhere.
    package init() {}
}

/// A global view, and what it consists of.
package struct ViewNode: Sendable, Hashable {
    package var key: ObjectKey
    /// thanos, prometheus or external.
    package var kind: String
    package var health: NodeHealth
    /// What is not as it should be.
    package var troubles: [Trouble]
    /// The hashrings, in the order of the view.
    package var rings: [RingNode]
    /// The workloads, in the order in which series pass them.
    package var parts: [PartNode]
    /// How its tenants stand.
    package var tenants: HealthCount
}

/// A hashring of a view.
package struct RingNode: Sendable, Hashable {
    package var name: String
    /// Whether it takes the tenants that name no ring.
    package var isSoft: Bool
    package var health: NodeHealth
    /// How many receivers the published file names, and how many are wanted; nil where nobody has said.
    package var members: Int?
    package var desired: Int?
    /// The receivers, the worst first.
    package var receivers: [ReceiverNode]
    /// How its tenants stand.
    package var tenants: HealthCount
    /// The tenants that stand worst, none of which is fine.
    package var worst: [ObjectKey]
}

/// A receiver of a hashring.
package struct ReceiverNode: Sendable, Hashable {
    /// The name of the pod.
    package var name: String
    package var health: NodeHealth
    /// What it waits for or what is wrong with it; nil if nothing is.
    package var note: String?
    /// Since when it waits; nil where nobody has said.
    package var since: String?
}

/// A workload of a view: a store, a query, the gateway.
package struct PartNode: Sendable, Hashable {
    package var role: ViewRole
    package var name: String
    package var health: NodeHealth
    /// How many of its pods are ready, and how many are wanted; nil where nobody has said.
    package var ready: Int?
    package var desired: Int?
    /// What it waits for or what is wrong with it; nil if nothing is.
    package var note: String?
}

/// A tenant.
package struct TenantNode: Sendable, Hashable {
    package var key: ObjectKey
    /// What its series carry.
    package var id: String
    package var view: ObjectKey
    /// Its hashring; nil where the view has none for it.
    package var ring: String?
    package var health: NodeHealth
    package var troubles: [Trouble]
    /// The agents in the cluster that write as it.
    package var agents: [ObjectKey]
    /// How many seconds its agents' sending is behind, of the slowest; nil where nobody has said.
    package var behind: Int?
    /// When its newest sample arrived: `now`, or a time; nil where nobody has said.
    package var lastSample: String?
    /// About how many series it has; nil where nobody has said.
    package var series: Int?
}

/// An agent.
package struct AgentNode: Sendable, Hashable {
    package var key: ObjectKey
    /// The tenants that it writes as.
    package var tenants: [ObjectKey]
    package var health: NodeHealth
    package var troubles: [Trouble]
    /// How many seconds its sending is behind; nil where nobody has said.
    package var behind: Int?
    /// How many of its pods are ready; nil where nobody has said.
    package var ready: Int?
    /// How many pods are wanted, such as 2x2; nil where nobody has said.
    package var desired: String?
}
