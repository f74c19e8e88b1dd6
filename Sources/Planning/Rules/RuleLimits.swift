import PrometheusConfig
import TributaryAPI

/// What rules may cost.
struct RuleLimits: Hashable {
    /// The most rules; nil for no limit.
    var rules: Int?
    /// The most results of one rule; nil for no limit.
    var results: Int?
    /// The shortest interval.
    var interval: PrometheusDuration?

    /// The platform's own rules have no limits.
    static let none = RuleLimits()

    /// The limits of a tenant's rules.
    init(ofTenantsOf view: GlobalView) {
        let spec = view.spec.rules?.tenantLimits
        rules = spec?.rules ?? 1000
        results = spec?.resultsPerRule ?? 10_000
        interval = PrometheusDuration(spec?.shortestInterval ?? "15s")
    }

    private init() {}

    /// A group within the limits.
    func bounded(_ group: RuleGroup) -> RuleGroup {
        var group = group
        if let results { group.limit = min(group.limit.flatMap { $0 == 0 ? nil : $0 } ?? results, results) }
        if let interval, let own = group.interval, own < interval { group.interval = interval }
        return group
    }

    /// A default interval within the limits.
    func bounded(_ text: String) -> String {
        guard let interval, let own = PrometheusDuration(text), own < interval else { return text }
        return interval.description
    }
}
