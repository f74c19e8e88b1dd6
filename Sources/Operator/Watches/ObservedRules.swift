import PlanningInput

/// What was known at one moment of the PrometheusRules that a global view or tenant selects.
struct ObservedRules: Sendable {
    var key: PlanKey
    /// What it selected then; nil for none.
    var selection: RuleSelection?
    var knowledge = RuleKnowledge.known
    /// What was complete then; nil where nothing is selected.
    var complete: MonitorWatches.Complete?

    /// What is known for a plan of a snapshot, which may have another selection meanwhile.
    func of(_ snapshot: borrowing Snapshot) -> RuleKnowledge {
        snapshot.ruleSelections[key] == selection ? knowledge : .unknown(nil)
    }
}
