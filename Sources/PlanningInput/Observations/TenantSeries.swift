public import Kube

/// Whether samples of a tenant arrive.
public enum TenantSeries: Sendable, Hashable {
    /// They do; about how many series there are.
    case receiving(series: Int)
    /// They no longer do, since the newest one.
    case silent(lastSample: Timestamp)
}

/// What is new about the series of a view's tenants.
public struct SeriesFinding: Sendable, Hashable {
    /// What is new about tenants, by id; nil for one about which nothing is known any more.
    public var tenants: [String: TenantSeries?] = [:]
    /// Whether what was known before no longer counts.
    public var replaces = false
    /// Since when at least no samples of any other tenant have arrived; nil if that is not known yet.
    public var othersAbsentSince: Timestamp?
    /// Why the query API has not said anything for a while; nil if it has.
    public var problem: String?

    /// A finding with nothing new.
    public init() {}
}

/// What a view's query API has said about the series of tenants.
package struct ViewSeries: Sendable, Hashable {
    /// What is known of tenants, by id.
    package internal(set) var tenants: [String: TenantSeries] = [:]
    /// Since when at least no samples of any other tenant have arrived; nil if that is not known yet.
    package internal(set) var othersAbsentSince: Timestamp?
    /// Why the query API has not said anything for a while; nil if it has.
    package internal(set) var problem: String?
}
